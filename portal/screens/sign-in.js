/** Signs a member in with identifier and PIN. */

import { find } from "../dom.js";
import { identifierOf } from "../fields.js";
import { setUpForm } from "../form.js";

/**
 * @param {import("../types.js").App} app
 * @returns {Promise<import("../types.js").Detour | undefined>}
 */
export async function enter({ session }) {
	return (await session.resume()) ? { to: "member" } : undefined;
}

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, memory, session } = app;
	find(view, "#identifier", HTMLInputElement).value = memory.identifier ?? "";
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "sign-in",
		subject: identifierOf,
		async send(values) {
			memory.identifier = identifierOf(values);
			const { identifier, pin } = values;
			session.begin(await calls.signIn(/** @type {import("../client/api.js").Credentials} */ ({ identifier, pin })));
		},
		done: () => app.go("member"),
	});
}
