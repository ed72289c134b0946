/** The two steps that the e-mail and the letter share: a code is asked for, and a code is verified. */

/** @import { App, Detour, Place } from "./types.js" */
/** @import { CodeTyped, CodeWanted } from "./client/api.js" */

import { find } from "./dom.js";
import { identifierOf } from "./fields.js";
import { setUpForm } from "./form.js";

/**
 * Ask for a code, and remember what is on its way.
 *
 * @param {App} app
 * @param {CodeWanted} wanted
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
 * A code that was verified while the screen was left is used up: what it was exchanged for leads on.
 *
 * @param {App} app
 * @returns {Detour | undefined}
 */
export function verifiedBefore({ held }) {
	return held.reset && { to: "new-pin" };
}

/**
 * Let a screen's first form exchange a code for the right to set a PIN.
 *
 * @param {Place} place
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
			const typed = /** @type {CodeTyped} */ ({ identifier: identifier || undefined, code });
			const { reset_token: token } = await app.calls.verifyCode(typed);
			app.held.reset = { token, identifier };
		},
		done: () => app.go("new-pin", { replace: true }),
	});
}
