/** Marks the fields that are wrong, and lists their errors at the top of the screen. */

/** @import { FieldError, Language, Notice, TextKey } from "./types.js" */

import { icon } from "./dom.js";

/** @param {HTMLFormElement} form */
export function clearFields(form) {
	for (const shown of form.querySelectorAll(".field-error")) shown.remove();
	for (const input of form.querySelectorAll("[aria-invalid]")) {
		input.removeAttribute("aria-invalid");
		describe(input, (ids) => ids.filter((id) => !id.endsWith("-error")));
	}
}

/**
 * Show beside each field what is wrong with it.
 *
 * @param {HTMLFormElement} form
 * @param {FieldError[]} errors
 * @param {Language} language
 * @returns {{ marked: [HTMLInputElement, Notice][], left: boolean }} the errors in the order of the fields, each with
 *   the input to go to; whether an error concerns no field of this form.
 */
export function markFields(form, errors, language) {
	/** @type {[HTMLInputElement, Notice][]} */
	const marked = [];
	for (const { id, said } of errors) {
		const field = form.querySelector(`#${CSS.escape(id)}`);
		if (!field) continue;
		const inputs = field instanceof HTMLInputElement ? [field] : [...field.querySelectorAll("input")];
		const [first] = inputs;
		if (!first) continue;
		const notice = inputs.every((input) => input.value.trim() === "") ? (missing(field) ?? said) : said;
		const shown = document.createElement("p");
		shown.id = `${id}-error`;
		shown.className = "field-error";
		language.say(shown, notice);
		if (field instanceof HTMLInputElement) (field.closest(".input-with-action") ?? field).after(shown);
		else field.append(shown);
		for (const input of inputs) {
			input.setAttribute("aria-invalid", "true");
			describe(input, (ids) => [...ids, shown.id]);
		}
		marked.push([first, notice]);
	}
	marked.sort(([one], [other]) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
	return { marked, left: marked.length < errors.length || !errors.length };
}

/**
 * List the errors, each as a link to its field (GOV.UK, error summary). A single wrong field takes the focus, because
 * there is nothing to choose; otherwise the list does.
 *
 * @param {HTMLElement} place an element with the role `alert`.
 * @param {Language} language
 * @param {[HTMLInputElement, Notice][]} marked
 * @param {Notice} [more] what else there is to know.
 */
export function showSummary(place, language, marked, more) {
	const box = document.createElement("div");
	box.className = "error-summary";
	box.tabIndex = -1;
	box.append(icon("error"));
	language.say(box.appendChild(document.createElement("h2")), "errors.title");
	const list = box.appendChild(document.createElement("ul"));
	for (const [input, said] of marked) {
		const link = list.appendChild(document.createElement("li")).appendChild(document.createElement("a"));
		link.href = `#${input.id}`;
		language.say(link, said);
		// The part after `#` names a screen, so the link cannot do it.
		link.addEventListener("click", (event) => {
			event.preventDefault();
			input.focus();
		});
	}
	if (more) language.say(box.appendChild(document.createElement("p")), more);
	place.replaceChildren(box);
	if (marked.length === 1) marked[0]?.[0].focus();
	else box.focus();
}

/**
 * @param {Element} field
 * @returns {TextKey | undefined} the sentence for a field that is empty.
 */
function missing(field) {
	return field instanceof HTMLElement ? /** @type {TextKey | undefined} */ (field.dataset.missing) : undefined;
}

/**
 * @param {Element} input
 * @param {(ids: string[]) => string[]} change maps the ids of the elements that describe it.
 */
function describe(input, change) {
	const ids = change(input.getAttribute("aria-describedby")?.split(" ") ?? []);
	if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
	else input.removeAttribute("aria-describedby");
}
