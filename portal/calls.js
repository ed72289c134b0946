/** The calls of the API, with the page's language and with every failure as one of two errors. */

import { Api } from "./client/api.js";
import { NoAnswer, Refused } from "./problems.js";

const ANSWER_WITHIN_MILLISECONDS = 30_000;
/** A refresh whose answer was lost is answered again for half a minute: another try has to come within it. */
const REFRESHED_WITHIN_MILLISECONDS = 8_000;

/**
 * @param {string} baseUrl where the API is.
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
				signal: AbortSignal.timeout(milliseconds),
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
		/** @param {import("./client/api.js").CodeWanted} wanted */
		requestCode: (wanted) => answer((params) => api.reset.requestCode(wanted, params)),
		/** @param {import("./client/api.js").CodeTyped} typed */
		verifyCode: (typed) => answer((params) => api.reset.verifyCode(typed, params)),
		/** @param {import("./client/api.js").NewPin} pin */
		setPin: (pin) => answer((params) => api.reset.setPin(pin, params)),
		/** @param {import("./client/api.js").ChangedPin} pin */
		changePin: (pin) => answer((params) => api.pin.changePin(pin, params)),
		/** @param {import("./client/api.js").Identity} identity */
		findIdentifier: (identity) => answer((params) => api.identifier.findIdentifier(identity, params)),
		/** @param {import("./client/api.js").ChallengeSolved} solved */
		showIdentifier: (solved) => answer((params) => api.identifier.showIdentifier(solved, params)),
	};
}

/**
 * @param {Response} response
 * @param {string} language that was asked for.
 */
async function refusal(response, language) {
	try {
		const problem = await response.json();
		// What stands in front of the API may answer in its own form.
		if (typeof problem?.code !== "string" || typeof problem?.detail !== "string") return new NoAnswer();
		return new Refused(problem, response.headers.get("Content-Language") ?? language);
	} catch {
		return new NoAnswer();
	}
}
