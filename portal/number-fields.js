/** Keeps digits alone in the fields for digits, and says so when something else was typed. */

/** @import { Language } from "./types.js" */

import { keptDigits } from "./digits.js";
import { find } from "./dom.js";
import { silence } from "./patience.js";

/**
 * @param {HTMLFormElement} form
 * @param {Language} language
 */
export function equipNumberFields(form, language) {
	for (const field of form.querySelectorAll(".field")) {
		const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (field.querySelectorAll("input[inputmode=numeric]"));
		if (!inputs.length) continue;
		const note = find(field, ".field-note");
		for (const input of inputs) {
			const keep = () => keepDigits(input, note, language);
			// Rewriting a value that a keyboard is still composing doubles digits on Android.
			input.addEventListener("input", (event) => {
				if (!(event instanceof InputEvent && event.isComposing)) keep();
			});
			input.addEventListener("compositionend", keep);
			input.addEventListener("focus", () => silence(note));
			// Someone may have typed before this module was loaded.
			keep();
		}
	}
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} note
 * @param {Language} language
 */
function keepDigits(input, note, language) {
	const most = Number(input.dataset.digits) || Number.POSITIVE_INFINITY;
	const caret = input.selectionStart ?? input.value.length;
	const kept = keptDigits(input.value, caret, { most, blanks: "blanks" in input.dataset });
	if (kept.value !== input.value) {
		input.value = kept.value;
		if (document.activeElement === input) input.setSelectionRange(kept.caret, kept.caret);
	}
	if (kept.hadLetters) language.write(note, "field.digits-only");
	else if (kept.wasLonger) language.write(note, "field.digits-most", { count: String(most) });
}
