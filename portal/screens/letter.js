/** Verifies the identifier and the code of a letter. */

import { find } from "../dom.js";
import { setUpVerification, verifiedBefore } from "../recovery.js";

export const enter = verifiedBefore;

/** @param {import("../types.js").Place} place */
export function show(place) {
	find(place.view, "#identifier", HTMLInputElement).value = place.app.memory.identifier ?? "";
	setUpVerification(place);
}
