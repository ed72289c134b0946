/** Offers a passkey to a member who has signed in with a PIN. */

import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { signedIn } from "../member-only.js";
import { addPasskey, decline } from "../passkeys.js";

export const enter = signedIn;

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		send: () => addPasskey(app),
		done(outcome) {
			if (outcome === "cancelled") app.go("passkey-offer", { notice: "passkey.cancelled" });
			else if (outcome === "already") app.go("member", { replace: true, notice: "passkey.already" });
			else app.go("member", { replace: true, notice: "passkey.added", kind: "success" });
		},
	});
	find(view, "[data-decline]").addEventListener("click", () => {
		decline();
		app.go("member", { replace: true });
	});
}
