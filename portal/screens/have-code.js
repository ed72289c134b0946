/** Verifies the identifier and a code that the member has, from an e-mail or a letter, in any tab. */

import { find } from "../dom.js";
import { setUpVerification, verifiedBefore } from "../recovery.js";

export const enter = verifiedBefore;

/** @param {import("../types.js").Place} place */
export function show(place) {
	find(place.view, "#identifier", HTMLInputElement).value = place.app.memory.likelyIdentifier;
	setUpVerification(place);
}
