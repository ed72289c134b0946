/** Changes the PIN with the current PIN; every session ends. */

import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { signedIn } from "../member-only.js";
import { signInAfterReset } from "../recovery.js";

export const enter = signedIn;

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, memory, session } = app;
	const { identifier } = session;
	find(view, "[name=identifier]", HTMLInputElement).value = identifier;
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "change-pin",
		subject: () => identifier,
		unanswered: "new-pin.unanswered",
		wrong: { field: "pin", text: "change-pin.wrong" },
		limit: "wait",
		async send({ pin, new_pin, new_pin_confirmation }) {
			const typed = { identifier, pin, new_pin, new_pin_confirmation };
			await calls.changePin(/** @type {import("../client/api.js").PinChange} */ (typed));
			session.forget();
			memory.identifier = identifier;
			await signInAfterReset(app, identifier, new_pin ?? "");
		},
		done: () => {
			if (session.isOpen) app.go("member", { replace: true, notice: "change-pin.saved", kind: "success" });
			else app.go("sign-in", { replace: true, notice: "change-pin.done", kind: "success" });
		},
	});
}
