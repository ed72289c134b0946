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
		day: () => language.longDate(lastWholeDay(recovery.expiresAt)),
	});
}

/**
 * @param {number} end in milliseconds.
 * @returns {Date} the last day in Paris that is over by then, as the letter says it.
 */
function lastWholeDay(end) {
	const day = new Date(new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" }).format(end));
	day.setUTCDate(day.getUTCDate() - 1);
	return day;
}
