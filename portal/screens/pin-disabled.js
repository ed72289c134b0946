/** Says that too many wrong attempts have blocked the sign-in with an identifier. */

import { find } from "../dom.js";
import { onlyAfter } from "../outcome.js";

export const enter = onlyAfter("pin-disabled");

/** @param {import("../types.js").Place} place */
export function show({ app: { memory }, view }) {
	find(view, "[data-identifier]").textContent = memory.blockedIdentifier ?? "";
}
