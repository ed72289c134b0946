/** Shows the identifier, to read or to copy. */

import { find } from "../dom.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ memory }) {
	return memory.foundIdentifier ? undefined : { to: "find-identifier", notice: "identifier-sent.lost" };
}

/** @param {import("../types.js").Place} place */
export function show({ app: { language, memory }, view }) {
	const copied = find(view, "[data-copied]");
	const identifier = memory.foundIdentifier ?? "";
	find(view, "[data-identifier]").textContent = identifier;
	find(view, "[data-copy]").addEventListener("click", async () => {
		try {
			await navigator.clipboard.writeText(identifier);
			language.write(copied, "identifier-found.copied");
		} catch {
			language.write(copied, "identifier-found.not-copied");
		}
	});
}
