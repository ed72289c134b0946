/** Says how many wrong attempts are left before the next limit. The API counts them, for unknown identifiers too. */

/** @import { Notice, TextKey } from "./types.js" */

/**
 * For each limit, the texts for none, one and several attempts. Where none is left, the refusal itself says so, except
 * for the attempts of a day.
 *
 * @type {Record<import("./types.js").Limit, [none: TextKey | undefined, one: TextKey, several: TextKey]>}
 */
const TEXTS = {
	wait: [undefined, "tries.wait.one", "tries.wait.several"],
	block: [undefined, "tries.block.one", "tries.block.several"],
	code: [undefined, "tries.code.one", "tries.code.several"],
	day: ["tries.day.none", "tries.day.one", "tries.day.several"],
};

/**
 * @param {import("./types.js").Limit} limit
 * @param {number | undefined} left
 * @returns {Notice | undefined}
 */
export function triesLeft(limit, left) {
	if (left === undefined) return undefined;
	const key = TEXTS[limit][Math.min(left, 2)];
	return key && { key, values: { count: String(left) } };
}
