import assert from "node:assert/strict";
import { test } from "node:test";

import { birthDateOf, identifierOf, isRareBirthDate } from "../../../portal/fields.js";
import { triesLeft } from "../../../portal/tries.js";

test("an identifier loses its blanks, visible or not, and its small letters", () => {
	assert.equal(identifierOf({ identifier: " a 123\u00a04567\u200b " }), "A1234567");
});

test("a birth date keeps its missing parts for the API to name", () => {
	assert.equal(birthDateOf({ day: "3", month: "6", year: "1972" }), "1972-06-03");
	assert.equal(birthDateOf({ year: "1972" }), "1972--");
	assert.equal(birthDateOf({}), undefined);
});

test("dates of no calendar are rare, incomplete ones are not", () => {
	assert.deepEqual(
		[
			{ day: "32", month: "01" },
			{ day: "01", month: "13" },
			{ day: "00", month: "00" },
			{ day: "31", month: "12" },
		].map(isRareBirthDate),
		[true, true, false, false],
	);
});

test("the tries left are said up to the limit they lead to", () => {
	assert.equal(triesLeft("wait", undefined), undefined);
	assert.equal(triesLeft("code", 0), undefined);
	assert.deepEqual(triesLeft("day", 0), { key: "tries.day.none", values: { count: "0" } });
	assert.deepEqual(triesLeft("wait", 1), { key: "tries.wait.one", values: { count: "1" } });
	assert.deepEqual(triesLeft("block", 7), { key: "tries.block.several", values: { count: "7" } });
});
