/** Finds a forgotten identifier by social security number, birth date and postcode. */

import { find } from "../dom.js";
import { birthDateOf, isRareBirthDate } from "../fields.js";
import { setUpForm } from "../form.js";
import { Doubt } from "../problems.js";

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, held, memory } = app;
	for (const [name, value] of Object.entries(held.identity ?? {}))
		find(view, `#${name}`, HTMLInputElement).value = value;
	/** @type {string | undefined} */
	let confirmed;
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "identifier",
		async send(values) {
			const { nir, postcode } = values;
			const birth_date = birthDateOf(values);
			if (isRareBirthDate(values) && confirmed !== birth_date) {
				confirmed = birth_date;
				throw new Doubt({ id: "birth_date", said: "find-identifier.rare-date" });
			}
			held.identity = values;
			const found = await calls.findIdentifier(
				/** @type {import("../client/api.js").IdentityData} */ ({ nir, birth_date, postcode }),
			);
			if (found.delivery === "email") {
				memory.maskedEmail = found.masked_email;
				held.identity = undefined;
			} else held.search = { challenge: found.challenge, until: Date.now() + found.expires_in * 1000 };
			return found.delivery;
		},
		done: (delivery) => app.go(delivery === "email" ? "identifier-sent" : "iban"),
	});
}
