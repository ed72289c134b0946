import assert from "node:assert/strict";
import { test } from "node:test";

import { preferredLanguage } from "../../../portal/language.js";

for (const [wanted, language] of [
	[[], "fr"],
	[["en-GB"], "en"],
	[["EN"], "en"],
	[["fr-CA", "en"], "fr"],
	[["de", "en"], "en"],
	[["de", "it"], "fr"],
	[["undefined", "en-US", "fr"], "en"],
]) {
	test(`a browser in ${JSON.stringify(wanted)} reads ${language}`, () => {
		assert.equal(preferredLanguage(wanted), language);
	});
}
