/** The steps that the e-mail and the letter share: request a code, verify it, and what follows the new PIN. */

/** @import { App, Detour, FieldValues, FormOptions, Memory, Place, Recovery } from "./types.js" */
/** @import { CodeRequest, CodeSent, CodeVerification } from "./client/api.js" */

import { find } from "./dom.js";
import { identifierOf } from "./fields.js";
import { setUpForm } from "./form.js";
import { noticeOf } from "./problems.js";

/** How a form that requests codes says that it is too early for another one. */
const TOO_EARLY = /** @type {NonNullable<FormOptions<unknown>["waits"]>} */ ({
	title: "reset.too-early",
	remaining: "reset.again-later",
	way: { to: "have-code", text: "reset.have-code" },
});

/**
 * Set up a form that requests a code.
 *
 * @param {Place} place
 * @param {HTMLFormElement} form
 * @param {(values: FieldValues) => CodeRequest} wanted
 * @param {Pick<FormOptions<"code" | "letter-sent">, "done" | "opensAt">} options
 */
export function setUpCodeRequest({ app, signal }, form, wanted, options) {
	return setUpForm(form, {
		app,
		signal,
		operation: "reset",
		subject: (values) => wanted(values).identifier,
		waits: TOO_EARLY,
		send: (values) => askForCode(app, wanted(values)),
		...options,
	});
}

/**
 * Set up the screen of a member without a PIN that works, new or forgotten.
 *
 * @param {Place} place
 */
export function showCodeRequest(place) {
	const { app, view } = place;
	find(view, "#identifier", HTMLInputElement).value = app.memory.likelyIdentifier;
	setUpCodeRequest(place, find(view, "form", HTMLFormElement), (values) => ({ identifier: identifierOf(values) }), {
		done: (screen) => app.go(screen),
	});
}

/**
 * Show the identifier for which a code was requested, and lead back to where it was typed.
 *
 * @param {ParentNode} view
 * @param {import("./types.js").Recovery} recovery
 */
export function showTypedIdentifier(view, { identifier, from }) {
	find(view, "[data-identifier]").textContent = identifier;
	find(view, "[data-correct]", HTMLAnchorElement).href = `#/${from}`;
}

/**
 * Request a code, and remember how it was sent.
 *
 * @param {App} app
 * @param {CodeRequest} wanted
 * @returns {Promise<"code" | "letter-sent">} the next screen.
 */
async function askForCode({ calls, memory }, wanted) {
	const { identifier } = wanted;
	memory.identifier = identifier;
	const sent = await calls.requestCode(identifier ? wanted : /** @type {typeof wanted} */ ({}));
	const before = location.hash === "#/forgotten-pin" ? undefined : memory.recovery;
	const from = location.hash === "#/first-visit" ? "first-visit" : (before?.from ?? "forgotten-pin");
	return rememberCode(memory, { identifier, from }, sent);
}

/**
 * Remember how a code was sent.
 *
 * @param {Memory} memory
 * @param {Pick<Recovery, "identifier" | "from">} request
 * @param {CodeSent} sent
 * @returns {"code" | "letter-sent"} the next screen.
 */
export function rememberCode(memory, request, sent) {
	const now = Date.now();
	memory.recovery = {
		...request,
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
		wrong: { field: "code" },
		limit: "code",
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

/**
 * Sign a member in with the PIN that they have just set, if the deployment wants it. The PIN is set in any case.
 *
 * @param {App} app
 * @param {string} identifier
 * @param {string} pin
 */
export async function signInAfterReset({ calls, config, session }, identifier, pin) {
	if (!config.sign_in_after_reset) return;
	try {
		const answer = await calls.signIn({ identifier, pin });
		if ("access_token" in answer) session.begin(answer);
	} catch (error) {
		// Not a failure of a call: let it out. Otherwise the member signs in by hand.
		noticeOf(error);
	}
}
