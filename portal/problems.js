/** What the page does about every problem that the API knows. */

/**
 * What the page does:
 * - `mark-fields`: the fields that are named say what is wrong with them;
 * - `type-again`: the secret that was typed is emptied and asked for again;
 * - `wait`: the form is off until the wait is over;
 * - `try-again`: a button sends the same again;
 * - `disabled`: the PIN works no more, and a screen says so;
 * - `start-again`: the recovery begins anew;
 * - `sign-in`: the session is over;
 * - `report`: a member can mend nothing, and is told whom to call.
 *
 * @typedef {"mark-fields" | "type-again" | "wait" | "try-again" | "disabled" | "start-again" | "sign-in" | "report"} Treatment
 */

/**
 * Each code by its name, so that a new one does not pass the type check until somebody has decided about it.
 * `not-authentic` answers print providers alone.
 *
 * @type {Record<Exclude<import("./types.js").ProblemCode, "not-authentic">, Treatment>}
 */
const TREATMENTS = {
	"invalid-request": "mark-fields",
	"weak-pin": "mark-fields",
	"pins-differ": "mark-fields",
	"invalid-credentials": "type-again",
	"invalid-code": "type-again",
	"not-recognised": "type-again",
	"too-many-attempts": "wait",
	"try-later": "try-again",
	"pin-disabled": "disabled",
	"invalid-reset-token": "start-again",
	"session-expired": "sign-in",
	"internal-error": "report",
	"malformed-request": "report",
	"method-not-allowed": "report",
	"not-found": "report",
	"request-too-large": "report",
};

/**
 * @param {string} code as it came: a newer API may know more codes, whose sentences are shown all the same.
 * @returns {Treatment}
 */
export function treatmentOf(code) {
	return Object.hasOwn(TREATMENTS, code) ? TREATMENTS[/** @type {keyof typeof TREATMENTS} */ (code)] : "report";
}
