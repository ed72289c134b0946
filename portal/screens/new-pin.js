/** Sets a new PIN after a code was verified. */

import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { signInAfterReset } from "../recovery.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ held }) {
	return held.reset ? undefined : { to: "forgotten-pin", notice: "new-pin.lost" };
}

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, held, memory, session } = app;
	const { reset } = held;
	if (!reset) return;
	find(view, "[name=identifier]", HTMLInputElement).value = reset.identifier;
	// The code is used up, and a reload would lose the reset token: let the browser ask first.
	addEventListener("beforeunload", (event) => event.preventDefault(), { signal });
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		unanswered: "new-pin.unanswered",
		async send({ pin, pin_confirmation }) {
			const { token: reset_token } = reset;
			await calls.setPin(/** @type {import("../client/api.js").NewPin} */ ({ reset_token, pin, pin_confirmation }));
			held.reset = undefined;
			memory.recovery = undefined;
			memory.outcome = "pin-set";
			await signInAfterReset(app, reset.identifier, pin ?? "");
		},
		done: () => {
			if (session.isOpen) app.go("member", { replace: true, notice: "change-pin.saved" });
			else app.go("pin-set", { replace: true });
		},
	});
}
