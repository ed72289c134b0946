/** Converts what people type to the API's format. The API validates it, and a validation error costs no attempt. */

/** @import { FieldValues } from "./types.js" */

/**
 * @param {FieldValues} values
 * @returns {string} the identifier, trimmed and in capitals, or empty.
 */
export function identifierOf({ identifier = "" }) {
	return identifier.trim().toUpperCase();
}

/**
 * @param {FieldValues} values
 * @returns {string | undefined} `YYYY-MM-DD`, without the missing parts; undefined if all three are empty.
 */
export function birthDateOf({ day = "", month = "", year = "" }) {
	return day || month || year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : undefined;
}
