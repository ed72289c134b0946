/**
 * What survives a reload of the page, in this tab alone: who is asking, what is on its way, and until when to wait.
 * Never a secret: no PIN, code, token, social-security number, birth date or IBAN.
 */

import { keeping } from "./storage.js";

export function startMemory() {
	const kept = keeping(() => sessionStorage);
	return {
		/** @returns {string} the identifier that was typed last, or empty. */
		get identifier() {
			return /** @type {string | undefined} */ (kept.read("identifier")) ?? "";
		},
		set identifier(identifier) {
			kept.write("identifier", identifier || undefined);
		},

		/** @returns {import("./types.js").Recovery | undefined} */
		get recovery() {
			return /** @type {import("./types.js").Recovery | undefined} */ (kept.read("recovery"));
		},
		set recovery(recovery) {
			kept.write("recovery", recovery);
		},

		/** @returns {string | undefined} the masked address that an identifier was sent to. */
		get maskedEmail() {
			return /** @type {string | undefined} */ (kept.read("masked-email"));
		},
		set maskedEmail(address) {
			kept.write("masked-email", address);
		},

		/**
		 * The wait of an operation, unless it is over or for somebody else.
		 *
		 * @param {import("./types.js").Operation} operation
		 * @param {string} subject
		 * @returns {import("./types.js").Wait | undefined}
		 */
		wait(operation, subject) {
			const wait = /** @type {import("./types.js").Wait | undefined} */ (kept.read(`wait:${operation}`));
			return wait && wait.subject === subject && wait.until > Date.now() ? wait : undefined;
		},

		/**
		 * @param {import("./types.js").Operation} operation
		 * @param {import("./types.js").Wait | undefined} wait
		 */
		remember(operation, wait) {
			kept.write(`wait:${operation}`, wait);
		},
	};
}
