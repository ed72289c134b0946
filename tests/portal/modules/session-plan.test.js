import assert from "node:assert/strict";
import { test } from "node:test";

import { sessionPlan } from "../../../portal/client/session-plan.js";

const MINUTE = 60_000;
const TIMES = { refreshedAt: 0, activeAt: 0, tokenSeconds: 900, idleSeconds: 1800 };

for (const [minutes, activeAtMinute, action, atMinute] of [
	[1, 0, "wait", 14],
	[1, 1, "wait", 14],
	[14, 1, "refresh", 14],
	[14, 0, "wait", 28],
	[20, 20, "refresh", 20],
	[28, 0, "warn", 30],
	[29, 29, "warn", 30],
	[30, 0, "end", 30],
	[300, 299, "end", 300],
	[-0.5, 0, "wait", 14],
	[-2, 0, "refresh", -2],
]) {
	test(`at minute ${minutes}, last active at ${activeAtMinute}: ${action}`, () => {
		const plan = sessionPlan(minutes * MINUTE, { ...TIMES, activeAt: activeAtMinute * MINUTE });
		assert.deepEqual(plan, { action, at: atMinute * MINUTE });
	});
}

test("a short session is refreshed before its end is announced", () => {
	const plan = sessionPlan(2.5 * MINUTE, { ...TIMES, activeAt: MINUTE, idleSeconds: 300 });
	assert.deepEqual(plan, { action: "refresh", at: 2.5 * MINUTE });
});
