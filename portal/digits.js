/** Takes the digits out of what people type or paste. Pure: it knows no field. */

import { withAsciiDigits } from "./fields.js";

const LETTER = /\p{L}/u;

/**
 * @typedef {object} Kept
 * @property {string} value the digits.
 * @property {number} caret where the caret belongs now: behind the same digit as before.
 * @property {boolean} hadLetters whether letters were left out; separators of pasted digits are no mistake.
 * @property {boolean} wasLonger whether digits were left out because there were too many.
 */

/**
 * Keep the digits of a field for digits.
 *
 * @param {string} typed what the field contains.
 * @param {number} caret where its caret is.
 * @param {{ most?: number, blanks?: boolean }} [field] how many digits it takes; whether it keeps blanks between them.
 * @returns {Kept}
 */
export function keptDigits(typed, caret, { most = Number.POSITIVE_INFINITY, blanks = false } = {}) {
	const clean = (/** @type {string} */ text) => withAsciiDigits(text).replace(blanks ? /[^\d ]/g : /\D/g, "");
	const all = clean(typed);
	let value = "";
	let count = 0;
	for (const character of all) {
		if (character !== " ") count += 1;
		if (count > most) break;
		value += character;
	}
	return {
		value,
		caret: Math.min(clean(typed.slice(0, caret)).length, value.length),
		hadLetters: LETTER.test(typed),
		wasLonger: count > most,
	};
}
