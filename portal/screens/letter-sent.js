/** Says that a letter is on its way; the member has nothing to do until it arrives. */

import { find } from "../dom.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ memory }) {
	return memory.recovery?.channel === "letter" ? undefined : { to: "forgotten-pin", notice: "code.lost" };
}

/** @param {import("../types.js").Place} place */
export function show({ app: { language, memory }, view }) {
	const { recovery } = memory;
	if (!recovery) return;
	language.write(find(view, "[data-sent]"), "letter-sent.text", { identifier: recovery.identifier });
	language.write(find(view, "[data-expiry]"), "letter-sent.expiry", {
		day: () => language.lastWholeDay(recovery.expiresAt),
	});
}
