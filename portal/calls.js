/** Calls the API in the page's language, and turns every failure into one of two errors. */

import { Api } from "./client/api.js";
import { NoAnswer, Refused } from "./problems.js";
import { abortedAfter } from "./signals.js";

const ANSWER_WITHIN_MILLISECONDS = 30_000;
/** The API repeats a lost answer to a refresh for half a minute: a retry has to fall within it. */
const REFRESHED_WITHIN_MILLISECONDS = 8_000;

/**
 * @param {string} baseUrl the API's address.
 * @param {import("./types.js").Language} language
 */
export function createCalls(baseUrl, language) {
	const api = new Api({ baseUrl });

	/**
	 * @template Data
	 * @param {(params: import("./client/api.js").RequestParams) => Promise<{ data: Data, status: number }>} call
	 * @param {number} [milliseconds] how long to wait for the answer.
	 * @returns {Promise<Data>}
	 */
	const answer = async (call, milliseconds = ANSWER_WITHIN_MILLISECONDS) => {
		let response;
		try {
			response = await call({
				headers: { "Accept-Language": language.code },
				signal: abortedAfter(milliseconds),
			});
		} catch (thrown) {
			throw thrown instanceof Response ? await refusal(thrown, language.code) : new NoAnswer();
		}
		if (response.data === null && response.status !== 204) throw new NoAnswer();
		return response.data;
	};

	return {
		/** @param {import("./client/api.js").Credentials} credentials */
		signIn: (credentials) => answer((params) => api.login.signIn(credentials, params)),
		refreshSession: () => answer((params) => api.login.refreshSession(params), REFRESHED_WITHIN_MILLISECONDS),
		signOut: () => answer((params) => api.logout.signOut(params)),
		/** @param {import("./client/api.js").CodeRequest} wanted */
		requestCode: (wanted) => answer((params) => api.reset.requestCode(wanted, params)),
		/** @param {import("./client/api.js").CodeVerification} typed */
		verifyCode: (typed) => answer((params) => api.reset.verifyCode(typed, params)),
		/** @param {import("./client/api.js").NewPin} pin */
		setPin: (pin) => answer((params) => api.reset.setPin(pin, params)),
		/** @param {import("./client/api.js").PinChange} pin */
		changePin: (pin) => answer((params) => api.pin.changePin(pin, params)),
		/** @param {import("./client/api.js").IdentityData} identity */
		findIdentifier: (identity) => answer((params) => api.identifier.findIdentifier(identity, params)),
		/** @param {import("./client/api.js").IbanAnswer} solved */
		showIdentifier: (solved) => answer((params) => api.identifier.showIdentifier(solved, params)),
	};
}

/**
 * @param {Response} response
 * @param {string} language the page asked for.
 */
async function refusal(response, language) {
	try {
		const problem = await response.json();
		// A proxy in front of the API may answer in its own format.
		if (typeof problem?.code !== "string" || typeof problem?.detail !== "string") return new NoAnswer();
		return new Refused(problem, response.headers.get("Content-Language") ?? language);
	} catch {
		return new NoAnswer();
	}
}
