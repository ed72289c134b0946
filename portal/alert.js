/** Shows what went wrong, above a form or at the top of a screen; a screen reader reads it out. */

/** @import { Alert, Language } from "./types.js" */

import { icon } from "./dom.js";

/**
 * @param {HTMLElement} place an element with the role `alert`.
 * @param {Language} language
 * @param {Alert} alert
 * @returns {HTMLElement} the box, which can take the focus.
 */
export function showAlert(place, language, alert) {
	const box = document.createElement("div");
	box.className = "alert notice notice-error";
	box.tabIndex = -1;
	box.append(icon("error"));
	const title = box.appendChild(document.createElement("p"));
	title.className = "alert-title";
	language.say(title, alert.title);
	for (const said of [alert.detail, alert.tries]) {
		if (said) language.say(box.appendChild(document.createElement("p")), said);
	}
	if (alert.way) {
		const way = box.appendChild(document.createElement("p")).appendChild(document.createElement("a"));
		way.href = `#/${alert.way.to}`;
		language.write(way, alert.way.text);
	}
	if (alert.mayCall) language.write(box.appendChild(document.createElement("p")), "problem.call");
	const { retry } = alert;
	if (retry) {
		const button = box.appendChild(document.createElement("button"));
		button.type = "button";
		language.write(button, "problem.retry");
		button.addEventListener("click", retry);
	}
	place.replaceChildren(box);
	return box;
}

/** @param {HTMLElement} place */
export function clearAlert(place) {
	place.replaceChildren();
}
