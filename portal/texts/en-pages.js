/** English texts of the pages that are filled in before a browser gets them. No browser loads this file. */

/** @type {Record<keyof typeof import("./fr-pages.js").default, string>} */
export default {
	"page.description": "Sign in to your member area, create a new PIN or find your identifier.",
	"level.full":
		"The member area is fully compliant with the French accessibility reference (RGAA 4.1.2): all applicable criteria are met.",
	"level.partial":
		"The member area is partially compliant with the French accessibility reference (RGAA 4.1.2): {rate} % of the applicable criteria are met.",
	"level.none":
		"The member area is not compliant with the French accessibility reference (RGAA 4.1.2): {rate} % of the applicable criteria are met.",
	"level.unaudited":
		"The member area is not compliant with the French accessibility reference (RGAA 4.1.2), because no audit has shown it yet.",
};
