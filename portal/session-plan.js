/** When a session is refreshed, when its end is announced, and when it is over: decided from instants alone. */

const REFRESH_BEFORE_SECONDS = 60;
/** WCAG 2.2 §2.2.1 asks for twenty seconds at least; who is slow to find the button has two minutes. */
const WARN_BEFORE_SECONDS = 120;

/**
 * The server prolongs a session at every refresh; so it is refreshed for a member who is active, and left to end for
 * one who is not.
 *
 * @param {number} now in milliseconds.
 * @param {import("./types.js").SessionTimes} times
 * @returns {import("./types.js").SessionPlan}
 */
export function sessionPlan(now, { refreshedAt, activeAt, tokenSeconds, idleSeconds }) {
	const endsAt = refreshedAt + idleSeconds * 1000;
	const warnAt = endsAt - WARN_BEFORE_SECONDS * 1000;
	const dueAt = refreshedAt + Math.min(Math.max(0, tokenSeconds - REFRESH_BEFORE_SECONDS), idleSeconds / 2) * 1000;
	if (now >= endsAt) return { action: "end", at: now };
	if (activeAt > refreshedAt && now >= dueAt && now < warnAt) return { action: "refresh", at: now };
	if (now >= warnAt) return { action: "warn", at: endsAt };
	return { action: "wait", at: now < dueAt ? Math.min(dueAt, warnAt) : warnAt };
}
