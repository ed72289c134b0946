/**
 * The server extends a session at every refresh, so refresh it for an active member and let it end for an inactive one.
 *
 * @param {number} now in milliseconds.
 * @param {SessionTimes} times
 * @returns {SessionPlan}
 */
export function sessionPlan(now: number, { refreshedAt, activeAt, tokenSeconds, idleSeconds }: SessionTimes): SessionPlan;
/**
 * Instants in milliseconds, lengths in seconds.
 */
export type SessionTimes = {
    /**
     * when the session was last refreshed.
     */
    refreshedAt: number;
    /**
     * when the member was last active.
     */
    activeAt: number;
    /**
     * how long the access token is valid (`expires_in`).
     */
    tokenSeconds: number;
    /**
     * how long the session lasts without a refresh (`SessionIdleSeconds`).
     */
    idleSeconds: number;
};
export type SessionPlan = {
    /**
     * what to do now.
     */
    action: "wait" | "refresh" | "warn" | "end";
    /**
     * when to check again, in milliseconds.
     */
    at: number;
};
