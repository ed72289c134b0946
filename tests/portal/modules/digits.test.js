import assert from "node:assert/strict";
import { test } from "node:test";

import { keptDigits } from "../../../portal/digits.js";
import { withAsciiDigits } from "../../../portal/fields.js";

for (const [written, digits] of [
	["482913", "482913"],
	["٤٨٢٩١٣", "482913"],
	["۴۸۲۹۱۳", "482913"],
	["\uff14\uff18\uff12\uff19\uff11\uff13", "482913"],
	["४८२९१३", "482913"],
	["\u{1d7d2}\u{1d7d6}\u{1d7e0}", "488"],
	["A 12-é", "A 12-é"],
	["", ""],
]) {
	test(`the digits of ${JSON.stringify(written)} are ${JSON.stringify(digits)}`, () => {
		assert.equal(withAsciiDigits(written), digits);
	});
}

test("separators of pasted digits are left out without a word", () => {
	assert.deepEqual(keptDigits(" 48 29\u00a0-13\n", 3), {
		value: "482913",
		caret: 2,
		hadLetters: false,
		wasLonger: false,
	});
});

test("a letter is left out and noticed, and the caret stays behind its digit", () => {
	assert.deepEqual(keptDigits("1x2345", 2), { value: "12345", caret: 1, hadLetters: true, wasLonger: false });
});

test("a field that keeps blanks counts digits alone", () => {
	const kept = keptDigits("48 29 13 05 679", 15, { most: 10, blanks: true });
	assert.deepEqual(kept, { value: "48 29 13 05 67", caret: 14, hadLetters: false, wasLonger: true });
});

test("digits that are too many are left out and noticed", () => {
	assert.deepEqual(keptDigits("7382649", 7, { most: 6 }), {
		value: "738264",
		caret: 6,
		hadLetters: false,
		wasLonger: true,
	});
});
