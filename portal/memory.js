/**
 * Keeps in this tab, across a reload, who is asking, which code was sent and how long to wait. Only the identifier that
 * a member asks to remember outlives the tab.
 * It never keeps a secret: no PIN, code, token, social security number, birth date or IBAN.
 */

/** @import { Memory, Operation, Wait } from "./types.js" */

import { keeping } from "./storage.js";

const REMEMBERED_IDENTIFIER = "identifier";
/** In milliseconds: clocks are corrected by so much. One that is set back further makes no wait longer. */
const DRIFT = 2000;
const REMEMBERED = [
	"identifier",
	"recovery",
	"confirmation",
	"foundIdentifier",
	"maskedEmail",
	"outcome",
	"blockedIdentifier",
];

/** @returns {Memory} */
export function startMemory() {
	const kept = keeping(() => sessionStorage);
	const forLong = keeping(() => localStorage);
	const memory = {
		/** @param {Operation} operation @param {string} subject */
		wait(operation, subject) {
			const wait = /** @type {Wait | undefined} */ (kept.read(`wait:${operation}`));
			const now = Date.now();
			return wait?.subject === subject && wait.since <= now + DRIFT && now < wait.until ? wait : undefined;
		},
		/** @param {Operation} operation @param {Wait} wait */
		remember: (operation, wait) => kept.write(`wait:${operation}`, wait),
		forget: kept.clear,
		get likelyIdentifier() {
			return String(kept.read("identifier") ?? forLong.read(REMEMBERED_IDENTIFIER) ?? "");
		},
		get rememberedIdentifier() {
			return /** @type {string | undefined} */ (forLong.read(REMEMBERED_IDENTIFIER));
		},
		/** @param {string | undefined} identifier */
		set rememberedIdentifier(identifier) {
			forLong.write(REMEMBERED_IDENTIFIER, identifier || undefined);
		},
	};
	for (const name of REMEMBERED) {
		const set = (/** @type {unknown} */ value) => kept.write(name, value || undefined);
		Object.defineProperty(memory, name, { get: () => kept.read(name), set });
	}
	return memory;
}
