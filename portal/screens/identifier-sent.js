/** Says to which masked e-mail address the identifier was sent. */

import { find } from "../dom.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ memory }) {
	return memory.maskedEmail ? undefined : { to: "find-identifier", notice: "identifier-sent.lost" };
}

/** @param {import("../types.js").Place} place */
export function show({ app: { language, memory }, view }) {
	language.write(find(view, "[data-sent]"), "identifier-sent.text", { email: memory.maskedEmail ?? "" });
}
