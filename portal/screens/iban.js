/** Shows the identifier of a member without an e-mail address, after a check of the IBAN's last characters. */

import { countDown } from "../countdown.js";
import { find } from "../dom.js";
import { setUpForm } from "../form.js";

/** @type {import("../types.js").Detour} */
const EXPIRED = { to: "find-identifier", notice: "iban.expired" };

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ held }) {
	if (!held.search) return { to: "find-identifier", notice: "iban.lost" };
	return held.search.until > Date.now() ? undefined : EXPIRED;
}

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, held, memory } = app;
	const { search } = held;
	if (!search) return;
	const nothing = () => {};
	// After this instant the API rejects even the right answer.
	const expire = () => {
		held.identity = undefined;
		app.go(EXPIRED.to, { ...EXPIRED, replace: true });
	};
	countDown(search.until, nothing, expire, signal);
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "iban",
		wrong: { field: "iban_last6" },
		limit: "day",
		async send({ iban_last6 }) {
			const { challenge } = search;
			const solved = /** @type {import("../client/api.js").IbanAnswer} */ ({
				challenge,
				iban_last6: iban_last6?.replace(/\s/g, ""),
			});
			const { identifier } = await calls.showIdentifier(solved);
			memory.identifier = identifier;
			memory.foundIdentifier = identifier;
			held.search = undefined;
			held.identity = undefined;
		},
		done: () => app.go("identifier-found", { replace: true }),
	});
}
