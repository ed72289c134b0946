import assert from "node:assert/strict";
import { test } from "node:test";

import { abortedWithAny } from "../../../portal/signals.js";

test("a signal is aborted with the first of the others", () => {
	const [one, other] = [new AbortController(), new AbortController()];
	const signal = abortedWithAny(one.signal, other.signal);
	assert.equal(signal.aborted, false);
	other.abort();
	assert.equal(signal.aborted, true);
	one.abort();
});

test("a signal of one that is aborted already is aborted", () => {
	const one = new AbortController();
	one.abort();
	assert.equal(abortedWithAny(new AbortController().signal, one.signal).aborted, true);
});
