/** Says that a letter was requested; the member has nothing to do until it arrives. */

import { find } from "../dom.js";
import { showTypedIdentifier } from "../recovery.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ memory }) {
	return memory.recovery?.channel === "letter" ? undefined : { to: "have-code" };
}

/** @param {import("../types.js").Place} place */
export function show({ app: { language, memory }, view }) {
	const { recovery } = memory;
	if (!recovery) return;
	const day = () => language.longDate(lastWholeDay(recovery.expiresAt));
	showTypedIdentifier(view, recovery);
	language.write(find(view, "[data-then]"), "letter-sent.then", { day });
	language.write(find(view, "[data-none]"), "letter-sent.none");
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
