/** The two steps that the e-mail and the letter share: request a code, and verify it. */

/** @import { App, Detour, Place } from "./types.js" */
/** @import { CodeVerification, CodeRequest } from "./client/api.js" */

import { find } from "./dom.js";
import { identifierOf } from "./fields.js";
import { setUpForm } from "./form.js";

/**
 * Request a code, and remember how it was sent.
 *
 * @param {App} app
 * @param {CodeRequest} wanted
 * @returns {Promise<"code" | "letter-sent">} the next screen.
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
 * Skip to the new PIN if a code was verified while the member was leaving the screen: that code is used up.
 *
 * @param {App} app
 * @returns {Detour | undefined}
 */
export function verifiedBefore({ held }) {
	return held.reset && { to: "new-pin" };
}

/**
 * Make a screen's first form exchange a code for the right to set a PIN.
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
			const typed = /** @type {CodeVerification} */ ({ identifier: identifier || undefined, code });
			const { reset_token: token } = await app.calls.verifyCode(typed);
			app.held.reset = { token, identifier };
		},
		done: () => app.go("new-pin", { replace: true }),
	});
}
