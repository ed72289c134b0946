/** Makes the calls of a member who has signed in. */

import { ProblemError } from "./client/api.js";

/**
 * Make a call with the access token. An expired one is replaced first.
 *
 * @template Answer
 * @param {import("./types.js").App} app
 * @param {(options: { token: string }) => Promise<Answer>} call
 * @returns {Promise<Answer>}
 * @throws {ProblemError | import("./client/api.js").NoAnswerError} the call failed; `invalid-token` if the session is over.
 */
export async function asMember({ session }, call) {
	try {
		return await call({ token: session.token });
	} catch (error) {
		if (!isOver(error) || !(await session.refresh())) throw error;
		return call({ token: session.token });
	}
}

/** @param {unknown} error */
function isOver(error) {
	return error instanceof ProblemError && error.problem.code === "invalid-token";
}
