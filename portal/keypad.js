/** The on-screen keypad of a form's PIN fields. It loads when someone wants it. */

/** @import { Language } from "./types.js" */

import { find, icon, labelOf, loadHtml } from "./dom.js";
import { withAsciiDigits } from "./fields.js";

const DIGITS = 6;
const DIGIT = /^\p{Nd}$/u;

/**
 * @returns {Promise<(fields: Element[], first: number, language: Language) => HTMLElement>} makes a keypad for fields;
 *   `first` is the one to fill first.
 * @throws {TypeError} the keys could not be loaded.
 */
export async function loadKeypad() {
	const keys = await loadHtml("screens/keypad.html");
	return (fields, first, language) => {
		const view = document.createElement("div");
		view.append(...keys.map((node) => document.importNode(node, true)));
		const pad = find(view, ".keypad");
		find(pad, "[data-back]").prepend(icon("delete"));
		language.translate(view);
		connect(pad, fields, first, language);
		return pad;
	};
}

/**
 * @param {HTMLElement} pad
 * @param {Element[]} fields
 * @param {number} first
 * @param {Language} language
 */
function connect(pad, fields, first, language) {
	const inputs = fields.map((field) => find(field, "input", HTMLInputElement));
	const goal = find(pad, "[data-goal]");
	const typed = find(pad, "[data-typed]");
	let target = 0;

	/** @param {number} index the field that the keys fill. */
	const aim = (index) => {
		target = index;
		const field = fields[index];
		if (field && fields.length > 1) language.write(goal, "keypad.goal", { field: () => language.text(labelOf(field)) });
	};
	/** @param {(value: string) => string} change */
	const edit = (change) => {
		const next = target + 1;
		if (inputs[target]?.value.length === DIGITS && inputs[next]?.value === "" && change("") !== "") aim(next);
		const input = inputs[target];
		if (!input || input.disabled) return;
		input.value = change(input.value).slice(0, DIGITS);
		input.dispatchEvent(new Event("input", { bubbles: true }));
		typed.textContent = `${input.value.length} / ${DIGITS}`;
	};
	const back = (/** @type {string} */ value) => value.slice(0, -1);

	for (const [index, input] of inputs.entries()) input.addEventListener("focus", () => aim(index));
	pad.addEventListener("click", ({ target: pressed }) => {
		const key = pressed instanceof Element ? pressed.closest("button") : null;
		const { digit } = key?.dataset ?? {};
		if (digit) edit((value) => value + digit);
		else if (key) edit("clear" in key.dataset ? () => "" : back);
	});
	pad.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey) return;
		if (DIGIT.test(event.key)) edit((value) => value + withAsciiDigits(event.key));
		else if (event.key === "Backspace") edit(back);
		else return;
		event.preventDefault();
	});
	aim(first);
}
