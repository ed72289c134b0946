/** Decides from timestamps alone when to refresh a session, when to announce its end and when it seems to be over. */

/**
 * Instants in milliseconds, lengths in seconds.
 *
 * @typedef {object} SessionTimes
 * @property {number} refreshedAt when the session was last refreshed.
 * @property {number} activeAt when the member was last active.
 * @property {number} tokenSeconds how long the access token is valid (`expires_in`).
 * @property {number} idleSeconds how long the session lasts without a refresh (`SessionIdleSeconds`).
 */

/**
 * @typedef {object} SessionPlan
 * @property {"wait" | "refresh" | "warn" | "end"} action what to do now.
 * @property {number} at when to check again, in milliseconds.
 */

const REFRESH_BEFORE_SECONDS = 60;
/** WCAG 2.2 §2.2.1 requires at least twenty seconds; two minutes help people who are slow to find the button. */
const WARN_BEFORE_SECONDS = 120;
/** A clock is corrected by less than this as a rule; if it was set back further, its instants mean nothing. */
const CORRECTED_BY_SECONDS = 60;

/**
 * The server extends a session at every refresh, so refresh it for an active member and let it end for an inactive one.
 *
 * @param {number} now in milliseconds.
 * @param {SessionTimes} times
 * @returns {SessionPlan}
 */
export function sessionPlan(now, { refreshedAt, activeAt, tokenSeconds, idleSeconds }) {
	const endsAt = refreshedAt + idleSeconds * 1000;
	const warnAt = endsAt - WARN_BEFORE_SECONDS * 1000;
	const dueAt = refreshedAt + Math.min(Math.max(0, tokenSeconds - REFRESH_BEFORE_SECONDS), idleSeconds / 2) * 1000;
	if (now < refreshedAt - CORRECTED_BY_SECONDS * 1000) return { action: "refresh", at: now };
	if (now >= endsAt) return { action: "end", at: now };
	if (activeAt > refreshedAt && now >= dueAt && now < warnAt) return { action: "refresh", at: now };
	if (now >= warnAt) return { action: "warn", at: endsAt };
	return { action: "wait", at: now < dueAt ? Math.min(dueAt, warnAt) : warnAt };
}
