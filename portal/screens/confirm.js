/** Finishes a sign-in in a new browser with the code that was sent. */

import { countDown } from "../countdown.js";
import { find } from "../dom.js";
import { setUpForm } from "../form.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ memory, session }) {
	if (session.isOpen) return { to: "member" };
	return memory.confirmation ? undefined : { to: "sign-in" };
}

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, language, memory, session } = app;
	const { confirmation } = memory;
	if (!confirmation) return;
	const { at, channel, identifier, remember } = confirmation;
	const expiresAt = at + confirmation.expires_in * 1000;
	const sent = find(view, "[data-sent]");
	countDown(
		expiresAt,
		() => {
			if (channel === "letter") language.write(sent, "confirm.by-letter");
			else language.write(sent, "confirm.by-email", { time: () => language.time(expiresAt) });
		},
		() => language.write(sent, "confirm.expired"),
		signal,
	);
	language.write(find(view, "[data-nothing]"), channel === "email" ? "code.junk" : "letter-sent.none");
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "confirm",
		wrong: { field: "code" },
		limit: "code",
		way: { to: "sign-in", text: "confirm.again" },
		async send({ code }) {
			session.begin(await calls.confirmSignIn(/** @type {import("../client/api.js").CodeOfStep} */ ({ code })));
			memory.confirmation = undefined;
			memory.rememberedIdentifier = remember ? identifier : undefined;
		},
		done: () => app.go("member", { replace: true }),
	});
}
