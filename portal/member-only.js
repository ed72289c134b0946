/** Guards the screens that only a signed-in member may see. */

import { watchSession } from "./session-watch.js";

/**
 * @param {import("./types.js").App} app
 * @returns {Promise<import("./types.js").Detour | undefined>}
 */
export async function signedIn(app) {
	if (!(await app.session.resume())) return { to: "sign-in", notice: "member.sign-in-first" };
	watchSession(app);
	return undefined;
}
