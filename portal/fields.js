/** What people type, in the form that the API takes. Whether it is right the API says: it costs no attempt to ask. */

/** @import { FieldValues } from "./types.js" */

/**
 * @param {FieldValues} values
 * @returns {string} the identifier as the API reads it, trimmed and in capitals, or empty.
 */
export function identifierOf({ identifier = "" }) {
	return identifier.trim().toUpperCase();
}

/**
 * @param {FieldValues} values
 * @returns {string | undefined} `YYYY-MM-DD`, with what is missing left out; undefined where nothing was typed.
 */
export function birthDateOf({ day = "", month = "", year = "" }) {
	return day || month || year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : undefined;
}
