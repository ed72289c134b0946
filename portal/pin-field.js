/**
 * Adds to the PIN fields of a form a button that shows the digits, and one on-screen keypad on demand. A field stays a
 * real password field that accepts pasted digits and password managers. The keys keep a fixed order, because shuffled
 * keys shut out people who rely on habit, touch or a screen reader.
 */

/** @import { Language, TextKey } from "./types.js" */

import { withAsciiDigits } from "./digits.js";
import { find, fromTemplate, icon } from "./dom.js";
import { keeping } from "./storage.js";

const DIGITS = 6;
const DIGIT = /^\p{Nd}$/u;
/** The browser remembers who wants the keypad. */
const WANTED = "keypad";

/**
 * @param {ParentNode} view the screen, before its texts are translated.
 * @param {Language} language
 */
export function equipPinFields(view, language) {
	for (const form of view.querySelectorAll("form")) {
		const fields = [...form.querySelectorAll("[data-pin]")];
		for (const field of fields) addReveal(form, field, language);
		if (fields.length) addKeypad(form, fields, language);
	}
}

/**
 * @param {HTMLFormElement} form
 * @param {Element} field
 * @param {Language} language
 */
function addReveal(form, field, language) {
	const input = find(field, "input", HTMLInputElement);
	const place = document.createElement("div");
	place.className = "input-with-action";
	input.replaceWith(place);
	place.append(input, fromTemplate("reveal"));
	const button = find(place, "button");
	const action = find(button, "[data-action]");
	find(button, "[data-field]").dataset.text = labelOf(field);
	const said = find(place, "[role=status]");
	/** @param {boolean} visible */
	const show = (visible) => {
		input.type = visible ? "text" : "password";
		language.write(action, visible ? "pin.hide" : "pin.show");
	};
	button.addEventListener("click", () => {
		const visible = input.type === "password";
		show(visible);
		language.write(said, visible ? "pin.shown" : "pin.hidden");
	});
	// No browser then offers to keep the PIN as an ordinary text.
	form.addEventListener("submit", () => show(false));
}

/**
 * @param {HTMLFormElement} form
 * @param {Element[]} fields
 * @param {Language} language
 */
function addKeypad(form, fields, language) {
	fields.at(-1)?.after(fromTemplate("keypad"));
	const inputs = fields.map((field) => find(field, "input", HTMLInputElement));
	const toggle = find(form, "[data-toggle]");
	const pad = find(form, ".keypad");
	const goal = find(pad, "[data-goal]");
	const typed = find(pad, "[data-typed]");
	const kept = keeping(() => localStorage);
	let target = 0;

	/** @param {number} index the field that the keys fill. */
	const aim = (index) => {
		target = index;
		const field = fields[index];
		if (field && fields.length > 1) language.write(goal, "keypad.goal", { field: () => language.text(labelOf(field)) });
	};
	/** @param {boolean} open */
	const show = (open) => {
		pad.hidden = !open;
		toggle.setAttribute("aria-expanded", String(open));
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

	find(pad, "[data-back]").prepend(icon("delete"));
	toggle.prepend(icon("keypad"));
	toggle.addEventListener("click", () => {
		show(pad.hidden);
		kept.write(WANTED, !pad.hidden || undefined);
	});
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
	aim(0);
	show(kept.read(WANTED) === true);
}

/**
 * @param {Element} field
 * @returns {TextKey} the key of its label.
 */
function labelOf(field) {
	return /** @type {TextKey} */ (find(field, "label").dataset.text);
}
