/**
 * Holds the session: the access token in memory only, the refresh token in a cookie that no script can read.
 *
 * The browser remembers when the session was last refreshed, so that a page opened without a session makes no call, and
 * all tabs agree on when it ends.
 */

import { ProblemError } from "./client/api.js";
import { keeping } from "./storage.js";

/** The storage key of the last refresh. */
export const REFRESHED_AT = "session-refreshed-at";

/** The API repeats a lost answer to a refresh for half a minute: a retry has to fall within it. */
const REFRESHED_WITHIN_MILLISECONDS = 8_000;

/**
 * @param {import("./types.js").Calls} calls
 * @param {number} idleSeconds how long a session lasts without a refresh.
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
			const tokens = await calls.refreshSession({ timeout: REFRESHED_WITHIN_MILLISECONDS });
			if (changes === before) {
				begin(tokens);
				return true;
			}
			// The session ended here while the API extended it. If this call fails, it expires there by itself.
			if (!current) void calls.signOut().catch(() => {});
			return undefined;
		} catch (error) {
			if (!(error instanceof ProblemError) || error.problem.code !== "session-expired") throw error;
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
		/** Start a session from the API's tokens. */
		begin,
		/** Forget the session: nothing of it remains on the page. */
		forget: () => become(undefined),
		/** @param {() => void} listener called when the session starts, is refreshed or ends. */
		onChange: (listener) => void listeners.add(listener),
		/** Whether a member is signed in on this page. */
		get isOpen() {
			return current !== undefined;
		},
		/** The access token, for calls that need one; empty without a session. */
		get token() {
			return current?.token ?? "";
		},
		/** How many seconds an access token is valid. */
		get tokenSeconds() {
			return current?.seconds ?? 0;
		},
		/** When any tab last refreshed it, in milliseconds; 0 if there is no session. */
		get refreshedAt() {
			return Number(kept.read(REFRESHED_AT) ?? 0);
		},
		/** The identifier that the access token was issued for (its `sub`, RFC 9068 §2.2). */
		get identifier() {
			return current ? subjectOf(current.token) : "";
		},
		/**
		 * Resume the session of the cookie, if there may be one.
		 *
		 * @returns {Promise<boolean>} whether there is a session.
		 * @throws {ProblemError | import("./client/api.js").NoAnswerError} the call failed, so it is unknown.
		 */
		async resume() {
			if (current) return true;
			const since = this.refreshedAt;
			if (!since) return false;
			const seemsOver = Date.now() >= since + idleSeconds * 1000;
			// The clock may be wrong: only the API knows. Without an answer, believe the clock.
			await refresh().catch((error) => {
				if (!seemsOver) throw error;
			});
			return current !== undefined;
		},
		/**
		 * @returns {Promise<boolean | undefined>} whether there still is a session; undefined if another one started or
		 *   this one ended during the call.
		 * @throws {ProblemError | import("./client/api.js").NoAnswerError} the call failed, so it is unknown.
		 */
		refresh,
		/** @throws {ProblemError | import("./client/api.js").NoAnswerError} the call failed, so the session continues. */
		async signOut() {
			// A refresh that is answered later would start the session again.
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
