/**
 * Adds a button that shows the digits and an optional on-screen keypad to a PIN field. The field stays a real password
 * field that accepts pasted digits and password managers. The keys keep a fixed order, because shuffled keys shut out
 * people who rely on habit, touch or a screen reader.
 */

import { find, fromTemplate } from "./dom.js";

const DIGITS = 6;

/**
 * @param {ParentNode} view the screen, before its texts are translated.
 */
export function equipPinFields(view) {
	for (const field of view.querySelectorAll("[data-pin]")) equip(field);
}

/** @param {Element} field */
function equip(field) {
	field.append(fromTemplate("keypad"));
	const input = find(field, "input", HTMLInputElement);
	const label = find(field, "label");
	const reveal = find(field, "[data-reveal]");
	const toggle = find(field, "[data-toggle]");
	const keypad = find(field, ".keypad");
	const typed = find(field, "[data-typed]");

	label.id = `${input.id}-label`;
	keypad.id = `${input.id}-keypad`;
	toggle.id = `${input.id}-keypad-toggle`;
	reveal.setAttribute("aria-describedby", label.id);
	toggle.setAttribute("aria-describedby", label.id);
	toggle.setAttribute("aria-controls", keypad.id);
	keypad.setAttribute("aria-labelledby", toggle.id);
	keypad.setAttribute("aria-describedby", label.id);

	reveal.addEventListener("click", () => {
		input.type = input.type === "password" ? "text" : "password";
		reveal.setAttribute("aria-pressed", String(input.type === "text"));
	});
	toggle.addEventListener("click", () => {
		keypad.hidden = !keypad.hidden;
		toggle.setAttribute("aria-expanded", String(!keypad.hidden));
	});
	keypad.addEventListener("click", ({ target }) => {
		const key = target instanceof Element ? target.closest("button") : null;
		if (!key) return;
		if (key.dataset.digit) input.value = (input.value + key.dataset.digit).slice(0, DIGITS);
		else input.value = "clear" in key.dataset ? "" : input.value.slice(0, -1);
		input.dispatchEvent(new Event("input", { bubbles: true }));
		typed.textContent = `${input.value.length} / ${DIGITS}`;
	});
}
