/** The two steps that the e-mail and the letter share: a code is asked for, and a code is verified. */

import { find } from "./dom.js";
import { identifierOf } from "./fields.js";
import { setUpForm } from "./form.js";
// Loaded with the verification: who loses the network in between would lose the verified code too.
import "./screens/new-pin.js";

/**
 * Ask for a code, and remember what is on its way.
 *
 * @param {import("./types.js").App} app
 * @param {import("./client/api.js").CodeWanted} wanted
 * @returns {Promise<"code" | "letter-sent">} the screen that comes next.
 */
export async function askForCode({ calls, memory }, wanted) {
	const { identifier } = wanted;
	memory.identifier = identifier;
	const sent = await calls.requestCode(identifier ? wanted : /** @type {typeof wanted} */ ({}));
	const now = Date.now();
	memory.recovery = {
		identifier,
		channel: sent.channel,
		expiresAt: now + sent.expires_in * 1000,
		resendAt: now + sent.resend_after * 1000,
	};
	return sent.channel === "email" ? "code" : "letter-sent";
}

/**
 * Let a screen's first form exchange a code for the right to set a PIN.
 *
 * @param {import("./types.js").Place} place
 */
export function setUpVerification({ app, view, signal }) {
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "code",
		subject: identifierOf,
		async send(values) {
			const identifier = identifierOf(values);
			app.memory.identifier = identifier;
			const { code } = values;
			const typed = /** @type {import("./client/api.js").CodeTyped} */ ({ identifier: identifier || undefined, code });
			const { reset_token: token } = await app.calls.verifyCode(typed);
			app.held.reset = { token, identifier };
		},
		done: () => app.go("new-pin", { replace: true }),
	});
}
