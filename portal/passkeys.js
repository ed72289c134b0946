/**
 * What this browser can do with passkeys, and what its member has said about them.
 *
 * The browser itself reads and writes the JSON of WebAuthn (Level 3, §5.1.8 to §5.1.10): Chrome 129, Firefox 119 and
 * Safari 18.4 do, and others see nothing of passkeys.
 */

import { keeping } from "./storage.js";

const DECLINED = "passkey-declined";
const kept = keeping(() => localStorage);

/** Whether the browser can make and use passkeys. */
export const canUsePasskeys = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

/** @returns {Promise<boolean>} whether this device keeps passkeys, and its member has not said no. */
export async function isWorthOffering() {
	if (!canUsePasskeys || kept.read(DECLINED)) return false;
	return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
}

/** Do not offer a passkey in this browser again. */
export function decline() {
	kept.write(DECLINED, true);
}

/**
 * Make a passkey and add it to those of the member.
 *
 * @param {import("./types.js").App} app
 * @param {string} [name]
 * @returns {Promise<"added" | "cancelled" | "already">}
 * @throws {ProblemError | import("./client/api.js").NoAnswerError} the call failed.
 */
export async function addPasskey({ calls, session }, name) {
	const { token } = session;
	const options = /** @type {any} */ (await calls.newPasskeyOptions({ token }));
	const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
	const credential = await navigator.credentials.create({ publicKey }).catch(whyNot);
	if (!(credential instanceof PublicKeyCredential)) return credential === "already" ? "already" : "cancelled";
	await calls.addPasskey({ credential: credential.toJSON(), ...(name && { name }) }, { token });
	return "added";
}

/**
 * @param {unknown} error of `navigator.credentials`.
 * @returns {"cancelled" | "already"}
 * @throws the error itself, if it is no refusal of the member or the authenticator.
 */
export function whyNot(error) {
	if (!(error instanceof DOMException)) throw error;
	return error.name === "InvalidStateError" ? "already" : "cancelled";
}
