/**
 * Adds to the PIN fields of a form a button that shows the digits, and one on-screen keypad on demand. A field stays a
 * real password field that accepts pasted digits and password managers. The keys keep a fixed order, because shuffled
 * keys shut out people who rely on habit, touch or a screen reader.
 */

/** @import { Language } from "./types.js" */

import { find, fromTemplate, labelOf } from "./dom.js";
import { onDemand } from "./late.js";
import { silence } from "./patience.js";
import { noticeOf } from "./problems.js";
import { keeping } from "./storage.js";

/** The browser remembers who wants the keypad. */
const WANTED = "keypad";
const loadKeypad = onDemand(async () => (await import("./keypad.js")).loadKeypad());

/**
 * @param {ParentNode} view the screen, before its texts are translated.
 * @param {Language} language
 */
export async function equipPinFields(view, language) {
	for (const form of view.querySelectorAll("form")) {
		const fields = [...form.querySelectorAll("[data-pin]")];
		for (const field of fields) addReveal(form, field, language);
		if (fields.length) await addKeypad(form, fields, language);
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
async function addKeypad(form, fields, language) {
	fields.at(-1)?.after(fromTemplate("keypad"));
	const toggle = find(form, "[data-toggle]");
	const status = find(document, "[data-page-status]");
	const kept = keeping(() => localStorage);
	let focused = 0;
	/** @type {HTMLElement | undefined} */
	let pad;

	/** @param {boolean} open */
	const show = async (open) => {
		try {
			const makeKeypad = await loadKeypad();
			if (!pad) {
				pad = makeKeypad(fields, focused, language);
				toggle.parentElement?.after(pad);
			}
			pad.hidden = !open;
			toggle.setAttribute("aria-expanded", String(open));
			silence(status);
		} catch (error) {
			language.say(status, noticeOf(error));
		}
	};
	for (const [index, field] of fields.entries()) field.addEventListener("focusin", () => (focused = index));
	toggle.addEventListener("click", () => {
		const open = pad?.hidden !== false;
		kept.write(WANTED, open || undefined);
		void show(open);
	});
	if (kept.read(WANTED) === true) await show(true);
}
