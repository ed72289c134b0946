/** No e-mail address is known: the end of the IBAN shows the identifier. */

import { find } from "../dom.js";
import { setUpForm } from "../form.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ held }) {
	if (!held.search) return { to: "find-identifier", notice: "iban.lost" };
	return held.search.until > Date.now() ? undefined : { to: "find-identifier", notice: "iban.expired" };
}

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, held, memory } = app;
	const { search } = held;
	if (!search) return;
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "iban",
		async send({ iban_last6 }) {
			const { challenge } = search;
			const solved = /** @type {import("../client/api.js").ChallengeSolved} */ ({
				challenge,
				iban_last6: iban_last6?.replace(/\s/g, ""),
			});
			memory.identifier = (await calls.showIdentifier(solved)).identifier;
			held.search = undefined;
		},
		done: () => app.go("identifier-found", { replace: true }),
	});
}
