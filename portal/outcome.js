/** Screens that say what has happened to a PIN, and would say what is not true to anybody else. */

/**
 * @param {import("./types.js").Outcome} outcome
 * @returns {NonNullable<import("./types.js").Screen["enter"]>}
 */
export function told(outcome) {
	return ({ memory }) => (memory.outcome === outcome ? undefined : { to: "sign-in" });
}
