import assert from "node:assert/strict";
import { test } from "node:test";

import { durationText } from "../../../portal/durations.js";

for (const [seconds, french, english] of [
	[0, "0 seconde", "0 seconds"],
	[0.2, "1 seconde", "1 second"],
	[59, "59 secondes", "59 seconds"],
	[60, "1 minute", "1 minute"],
	[90, "1 minute 30 secondes", "1 minute 30 seconds"],
	[3600, "1 heure", "1 hour"],
	[3661, "1 heure 1 minute 1 seconde", "1 hour 1 minute 1 second"],
	[-5, "0 seconde", "0 seconds"],
]) {
	test(`${seconds} seconds are said in words`, () => {
		const said = ["fr-FR", "en-GB"].map((locale) => durationText(seconds * 1000, locale).replaceAll("\u00a0", " "));
		assert.deepEqual(said, [french, english]);
	});
}
