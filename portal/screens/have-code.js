/** Verifies the identifier and a code that the member has, from an e-mail or a letter, in any tab. */

import { prefillIdentifier, setUpVerification, verifiedBefore } from "../recovery.js";

export const enter = verifiedBefore;

/** @param {import("../types.js").Place} place */
export function show(place) {
	prefillIdentifier(place);
	setUpVerification(place);
}
