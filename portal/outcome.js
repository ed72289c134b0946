/** Guards the screens that report what happened to a PIN: no other visitor may see them. */

/**
 * @param {import("./types.js").Outcome} outcome
 * @returns {NonNullable<import("./types.js").Screen["enter"]>}
 */
export function onlyAfter(outcome) {
	return ({ memory }) => (memory.outcome === outcome ? undefined : { to: "sign-in" });
}
