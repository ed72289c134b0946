/** Says what the page does about each failure of a call. */

import { NoAnswerError, ProblemError } from "./client/api.js";

/** What was typed is unusual: the member confirms it by sending it again. Nothing was sent. */
export class Doubt extends Error {
	/** @param {import("./types.js").FieldError} about */
	constructor(about) {
		super(about.id);
		this.about = about;
	}
}

/**
 * @param {unknown} error
 * @param {import("./types.js").TextKey} [noAnswer] what to say if no answer came; by default to someone at a form.
 * @returns {import("./types.js").Notice} what to say about the failure.
 * @throws the error itself, if it does not come from a call.
 */
export function noticeOf(error, noAnswer = "problem.no-answer") {
	if (error instanceof ProblemError) return { text: error.problem.detail, language: error.language };
	if (error instanceof NoAnswerError) return navigator.onLine ? noAnswer : "problem.offline";
	throw error;
}

/**
 * Lists every code, so that a new one fails the type check until someone decides how to treat it.
 * Only print providers receive `not-authentic`.
 *
 * @type {Record<Exclude<import("./types.js").ProblemCode, "not-authentic">, import("./types.js").Treatment>}
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
	"invalid-token": "sign-in",
	"sign-in-again": "sign-in",
	"passkey-not-added": "report",
	"too-many-passkeys": "report",
	"sign-in-first": "sign-in",
	"forbidden-origin": "report",
	"internal-error": "report",
	"malformed-request": "report",
	"method-not-allowed": "report",
	"not-found": "report",
	"request-too-large": "report",
};

/**
 * @param {string} code the code received: a newer API may send unknown codes; the page still shows their sentences.
 * @returns {import("./types.js").Treatment}
 */
export function treatmentOf(code) {
	return Object.hasOwn(TREATMENTS, code) ? TREATMENTS[/** @type {keyof typeof TREATMENTS} */ (code)] : "report";
}
