/** Converts what people type to the API's format. The API validates it, and a validation error costs no attempt. */

/** @import { FieldValues } from "./types.js" */

/** The fields that a member fills in again after a wrong guess. */
export const SECRETS = "[data-pin] input, .digits";

/** Blanks of any width and invisible characters, which come with pasted text. */
const BLANKS = /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]+/g;
const DIGIT = /\p{Nd}/u;
const DIGITS_IN_A_SCRIPT = 10;

/**
 * Write the digits of every script as 0 to 9, such as `٤٨٢٩١٣` as `482913`.
 *
 * Unicode assigns the digits of a script to ten code points in a row, 0 first (The Unicode Standard, section 4.6).
 *
 * @param {string} text
 * @returns {string}
 */
export function withAsciiDigits(text) {
	return text.replace(/[^\P{Nd}0-9]/gu, (digit) => {
		let before = 0;
		const code = digit.codePointAt(0) ?? 0;
		while (DIGIT.test(String.fromCodePoint(code - before - 1))) before += 1;
		return String(before % DIGITS_IN_A_SCRIPT);
	});
}

/**
 * @param {FieldValues} values
 * @returns {string} the identifier in capitals and without blanks, or empty.
 */
export function identifierOf({ identifier = "" }) {
	return identifier.replace(BLANKS, "").toUpperCase();
}

/**
 * @param {FieldValues} values
 * @returns {string | undefined} `YYYY-MM-DD`, without the missing parts; undefined if all three are empty.
 */
export function birthDateOf({ day = "", month = "", year = "" }) {
	// An empty part stays empty: 00 would say that it is unknown.
	const padded = (/** @type {string} */ part) => part.padStart(part ? 2 : 0, "0");
	return day || month || year ? `${year}-${padded(month)}-${padded(day)}` : undefined;
}

/**
 * Whether a birth date is in no calendar: some members have such a date, more people mistype theirs.
 *
 * @param {FieldValues} values
 */
export function isRareBirthDate({ day = "", month = "" }) {
	return Number(month) > 12 || Number(day) > 31;
}
