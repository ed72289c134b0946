/** The letter has come: identifier and code are typed. */

import { find } from "../dom.js";
import { setUpVerification } from "../recovery.js";

/** @param {import("../types.js").Place} place */
export function show(place) {
	find(place.view, "#identifier", HTMLInputElement).value = place.app.memory.identifier;
	setUpVerification(place);
}
