/** Asks a member to confirm that someone else has signed in; then the PIN is disabled and a code is on its way. */

import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { signedIn } from "../member-only.js";
import { asMember } from "../own-calls.js";
import { rememberCode } from "../recovery.js";

export const enter = signedIn;

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { calls, memory, session } = app;
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		unanswered: "not-me.unanswered",
		async send() {
			const { identifier } = session;
			const { channel, expires_in, resend_after } = await asMember(app, (own) => calls.notMe(own));
			session.forget();
			memory.identifier = identifier;
			return (
				channel &&
				rememberCode(
					memory,
					{ identifier, from: "forgotten-pin" },
					{ channel, expires_in: expires_in ?? 0, resend_after },
				)
			);
		},
		done(screen) {
			const notice = screen ? "not-me.done" : "not-me.no-code";
			app.go(screen ?? "forgotten-pin", { replace: true, notice, kind: screen ? "success" : "warning" });
		},
	});
}
