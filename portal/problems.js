/** What can fail in a call, and what the page does about every problem that the API knows. */

/** The API refused; the problem says why (RFC 9457). */
export class Refused extends Error {
	/**
	 * @param {import("./types.js").Problem} problem
	 * @param {string} language of its sentences.
	 */
	constructor(problem, language) {
		super(problem.code);
		this.problem = problem;
		this.language = language;
	}
}

/** No answer came, or none of the API's: the network, or something on the way. */
export class NoAnswer extends Error {}

/**
 * @param {unknown} error
 * @returns {import("./types.js").Notice} what to say of a failure.
 * @throws the error itself, if it is none of a call.
 */
export function noticeOf(error) {
	if (error instanceof Refused) return { text: error.problem.detail, language: error.language };
	if (error instanceof NoAnswer) return navigator.onLine ? "problem.no-answer" : "problem.offline";
	throw error;
}

/**
 * Each code by its name, so that a new one does not pass the type check until somebody has decided about it.
 * `not-authentic` answers print providers alone.
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
	"internal-error": "report",
	"malformed-request": "report",
	"method-not-allowed": "report",
	"not-found": "report",
	"request-too-large": "report",
};

/**
 * @param {string} code as it came: a newer API may know more codes, whose sentences are shown all the same.
 * @returns {import("./types.js").Treatment}
 */
export function treatmentOf(code) {
	return Object.hasOwn(TREATMENTS, code) ? TREATMENTS[/** @type {keyof typeof TREATMENTS} */ (code)] : "report";
}
