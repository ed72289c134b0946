/** Signs a member in with a passkey: by the autofill of the identifier field, or by a button. */

import { ProblemError } from "./client/api.js";
import { find } from "./dom.js";
import { canUsePasskeys, whyNot } from "./passkeys.js";
import { sayWaiting, silence } from "./patience.js";
import { noticeOf } from "./problems.js";

export { isWorthOffering } from "./passkeys.js";

/** @import { App, Place } from "./types.js" */

/** A challenge is replaced before it expires: a page may stay open for hours. */
const RENEWED_AFTER = 0.75;

/**
 * Show the button, and let the browser offer passkeys at the identifier field.
 *
 * @param {Place} place
 */
export async function offer({ app, view, signal }) {
	if (!canUsePasskeys || signal.aborted) return;
	await app.language.all();
	if (signal.aborted) return;
	const form = find(view, "form");
	const box = document.createElement("div");
	box.className = "passkey";
	const button = box.appendChild(document.createElement("button"));
	button.type = "button";
	app.language.write(button, "passkey.sign-in");
	const status = box.appendChild(document.createElement("p"));
	status.setAttribute("role", "status");
	status.className = "status";
	form.after(box);

	const autofill = await startAutofill(app, status, signal);
	button.addEventListener("click", async () => {
		if (button.getAttribute("aria-busy")) return;
		button.setAttribute("aria-busy", "true");
		autofill.stop();
		silence(status);
		const stopSaying = sayWaiting(app.language, status);
		try {
			const options = await app.calls.passkeyOptions({ signal });
			const credential = await ask(options, { signal });
			stopSaying();
			if (credential) await signIn(app, credential, signal);
			else app.language.write(status, "passkey.cancelled");
		} catch (error) {
			stopSaying();
			if (!signal.aborted) app.language.say(status, noticeOf(error));
		} finally {
			button.removeAttribute("aria-busy");
			if (!signal.aborted && !app.session.isOpen) autofill.start();
		}
	});
}

/**
 * Offer passkeys at the identifier field for as long as the page is open.
 *
 * @param {App} app
 * @param {HTMLElement} status
 * @param {AbortSignal} signal
 */
async function startAutofill(app, status, signal) {
	const isThere = await PublicKeyCredential.isConditionalMediationAvailable?.();
	let armed = new AbortController();
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let renewal;

	const stop = () => {
		clearTimeout(renewal);
		armed.abort();
	};

	const start = async () => {
		stop();
		if (!isThere || signal.aborted || document.hidden) return;
		armed = new AbortController();
		const { signal: own } = armed;
		try {
			const options = await app.calls.passkeyOptions({ signal: own });
			renewal = setTimeout(start, RENEWED_AFTER * options.timeout);
			const credential = await ask(options, { mediation: "conditional", signal: own });
			// Without one the browser has ended the offer; the next challenge renews it.
			if (!credential || own.aborted) return;
			clearTimeout(renewal);
			await signIn(app, credential, signal);
		} catch (error) {
			if (own.aborted || signal.aborted) return;
			const said = noticeOf(error);
			// A challenge that does not come is not the member's business: the PIN and the button are there.
			if (!(error instanceof ProblemError) || error.problem.code !== "invalid-credentials") return;
			app.language.say(status, said);
			void start();
		}
	};

	signal.addEventListener("abort", stop);
	// A hidden page asks for no challenges.
	document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(renewal) : void start()), {
		signal,
	});
	void start();
	return { start: () => void start(), stop };
}

/**
 * Ask the browser for a passkey.
 *
 * @param {import("./client/api.js").SignInOptions} options
 * @param {Omit<CredentialRequestOptions, "publicKey">} how
 * @returns {Promise<PublicKeyCredential | undefined>} none if the member has cancelled, or has none.
 */
async function ask(options, how) {
	const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(/** @type {any} */ (options));
	const credential = await navigator.credentials.get({ ...how, publicKey }).catch(whyNot);
	return credential instanceof PublicKeyCredential ? credential : undefined;
}

/**
 * @param {App} app
 * @param {PublicKeyCredential} credential
 * @param {AbortSignal} signal
 */
async function signIn(app, credential, signal) {
	app.session.begin(await app.calls.signInWithPasskey(credential.toJSON(), { signal }));
	if (!signal.aborted) app.go("member");
}
