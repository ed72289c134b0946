/** Finds a forgotten identifier by social security number, birth date and postcode. */

import { find } from "../dom.js";
import { birthDateOf } from "../fields.js";
import { setUpForm } from "../form.js";

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, held, memory } = app;
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "identifier",
		async send(values) {
			const { nir, postcode } = values;
			const birth_date = birthDateOf(values);
			const found = await calls.findIdentifier(
				/** @type {import("../client/api.js").IdentityData} */ ({ nir, birth_date, postcode }),
			);
			if (found.delivery === "email") memory.maskedEmail = found.masked_email;
			else held.search = { challenge: found.challenge, until: Date.now() + found.expires_in * 1000 };
			return found.delivery;
		},
		done: (delivery) => app.go(delivery === "email" ? "identifier-sent" : "iban"),
	});
}
