/** What went wrong, said above a form or at the top of a screen, and read out by a screen reader. */

/**
 * @param {HTMLElement} place an element whose role is alert.
 * @param {import("./types.js").Language} language
 * @param {import("./types.js").Alert} alert
 * @returns {HTMLElement} the box, which may take the focus.
 */
export function showAlert(place, language, alert) {
	const box = document.createElement("div");
	box.className = "alert";
	box.tabIndex = -1;
	const title = box.appendChild(document.createElement("p"));
	title.className = "alert-title";
	const detail = box.appendChild(document.createElement("p"));
	for (const [element, sentence] of /** @type {const} */ ([
		[title, alert.title],
		[detail, alert.detail],
	])) {
		element.textContent = typeof sentence === "function" ? sentence() : sentence;
		if (alert.language) element.lang = alert.language;
	}
	if (alert.call) {
		language.write(box.appendChild(document.createElement("p")), "problem.call", { helpline: alert.call });
	}
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
