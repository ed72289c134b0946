/** Boxes that say how something went: by a colour, an icon and a sentence. */

/** @import { Language, Notice, NoticeKind, Outage } from "./types.js" */

import { find, icon } from "./dom.js";

/**
 * @param {Language} language
 * @param {Notice} said
 * @param {NoticeKind} [kind]
 * @returns {HTMLElement} the box, which can take the focus.
 */
export function noticeBox(language, said, kind = "information") {
	const box = document.createElement("div");
	box.className = `notice notice-${kind}`;
	box.tabIndex = -1;
	box.append(icon(kind));
	language.say(box.appendChild(document.createElement("p")), said);
	return box;
}

/**
 * Show what the insurer says at the top of every page. The form does not wait for it, and stays without it.
 *
 * @param {Language} language
 */
export async function showOutage(language) {
	/** @type {Outage} */
	const outage = await fetch("brand/notice.json").then(
		(response) => (response.ok ? response.json() : {}),
		() => ({}),
	);
	const place = find(document, "[data-outage]");
	const show = () => {
		const text = outage[language.code];
		if (text) place.replaceChildren(noticeBox(language, { text, language: language.code }, outage.level));
	};
	language.onChange(show);
	show();
}
