/**
 * The session: its access token in memory alone, its refresh token in a cookie that no script can read.
 *
 * What the browser remembers is when the session was last refreshed, so that a page that is opened without a session
 * need not ask for one, and so that all tabs agree on its end.
 */

import { Refused } from "./problems.js";
import { keeping } from "./storage.js";

/** The name under which the browser remembers it. */
export const REFRESHED_AT = "session-refreshed-at";

/**
 * @param {import("./types.js").Calls} calls
 * @param {number} idleSeconds after how long without a refresh the API ends a session.
 */
export function createSession(calls, idleSeconds) {
	const kept = keeping(() => localStorage);
	/** @type {{ token: string, seconds: number } | undefined} */
	let current;
	/** @type {Promise<boolean | undefined> | undefined} */
	let refreshing;
	let changes = 0;
	/** @type {Set<() => void>} */
	const listeners = new Set();

	/** @param {typeof current} now */
	const become = (now) => {
		current = now;
		changes += 1;
		kept.write(REFRESHED_AT, now && Date.now());
		for (const listener of listeners) listener();
	};

	/** @param {import("./client/api.js").Tokens} tokens */
	const begin = ({ access_token, expires_in }) => become({ token: access_token, seconds: expires_in });

	const refreshNow = async () => {
		const before = changes;
		try {
			const tokens = await calls.refreshSession();
			if (changes === before) {
				begin(tokens);
				return true;
			}
			// It ended here while the API prolonged it. If this call is lost, it ends there without a refresh.
			if (!current) void calls.signOut().catch(() => {});
			return undefined;
		} catch (error) {
			if (!(error instanceof Refused) || error.problem.code !== "session-expired") throw error;
			if (changes !== before) return undefined;
			become(undefined);
			return false;
		} finally {
			refreshing = undefined;
		}
	};

	const refresh = () => {
		refreshing ??= refreshNow();
		return refreshing;
	};

	return {
		idleSeconds,
		/** Start the session that the API has given tokens for. */
		begin,
		/** The session is over: nothing of it is left on the page. */
		forget: () => become(undefined),
		/** @param {() => void} listener called when the session begins, is refreshed or ends. */
		onChange: (listener) => void listeners.add(listener),
		/** Whether a member is signed in on this page. */
		get isOpen() {
			return current !== undefined;
		},
		/** Seconds for which an access token works. */
		get tokenSeconds() {
			return current?.seconds ?? 0;
		},
		/** When it was last refreshed, by whichever tab, in milliseconds; 0 where there is none. */
		get refreshedAt() {
			return Number(kept.read(REFRESHED_AT) ?? 0);
		},
		/** The identifier that the access token was issued for (its `sub`, RFC 9068 §2.2). */
		get identifier() {
			return current ? subjectOf(current.token) : "";
		},
		/**
		 * Take up the session that the cookie stands for, if there may be one.
		 *
		 * @returns {Promise<boolean>} whether there is a session.
		 * @throws {Refused | import("./problems.js").NoAnswer} the API could not say.
		 */
		async resume() {
			if (current) return true;
			if (Date.now() < this.refreshedAt + idleSeconds * 1000) await refresh();
			return current !== undefined;
		},
		/**
		 * @returns {Promise<boolean | undefined>} whether there still is a session; undefined if another one began, or
		 *   this one was ended, while the API was asked.
		 * @throws {Refused | import("./problems.js").NoAnswer} the API could not say.
		 */
		refresh,
		/** @throws {Refused | import("./problems.js").NoAnswer} the session goes on. */
		async signOut() {
			// A refresh that is answered later would bring the session back.
			await refreshing?.catch(() => {});
			await calls.signOut();
			become(undefined);
		},
	};
}

/** @param {string} token */
function subjectOf(token) {
	const payload = token.split(".")[1] ?? "";
	const { sub } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
	return String(sub);
}
