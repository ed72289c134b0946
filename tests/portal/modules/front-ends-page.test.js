import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const PAGE = new URL("../../../docs/front-ends.md", import.meta.url);
const CLIENT = new URL("../../../portal/client/", import.meta.url);
const TOKENS = { access_token: "a.b.c", token_type: "Bearer", expires_in: 900 };

/** @returns the module that stands in the page, with the package at its place in the clone. */
async function journey() {
	const [, code] = (await readFile(PAGE, "utf-8")).match(/```js\n(.*?)```/s);
	const placed = code
		.replace('"espace-adherent-access-client"', `"${new URL("api.js", CLIENT)}"`)
		.replace('"espace-adherent-access-client/', `"${CLIENT}`);
	return import(`data:text/javascript,${encodeURIComponent(placed)}`);
}

/** Starts the journey with an API of one answer; returns its calls, and what it made the page do. */
async function started(body, status = 200) {
	const told = [];
	const page = new Proxy(
		{ language: "en" },
		{ get: (own, name) => own[name] ?? ((...args) => void told.push([name, ...args])) },
	);
	const fetch = async () => (status ? new Response(JSON.stringify(body), { status }) : Promise.reject(new TypeError()));
	return { told, ...(await journey()).startMembers(page, { fetch }) };
}

test("the journey of the page enters with a session that its plan understands", async () => {
	const { told, signIn, look } = await started(TOKENS);
	await signIn("A1234567", "738264");
	const [[name, session]] = told;
	assert.deepEqual([name, session.token, session.tokenSeconds], ["enter", "a.b.c", 900]);

	look({ ...session, activeAt: 0 });
	const [, [shown, action, at]] = told;
	assert.deepEqual([shown, action, at], ["show", "wait", session.refreshedAt + 840_000]);
});

test("the journey of the page refreshes the session of an active member", async () => {
	const { told, look } = await started(TOKENS);
	const now = Date.now();
	look({ tokenSeconds: 900, idleSeconds: 1800, refreshedAt: now - 900_000, activeAt: now });
	await new Promise(setImmediate);
	assert.equal(told[0][0], "enter");
});

for (const [what, body, status, expected] of [
	["an error beside its field", { code: "invalid-request", detail: "No", errors: [{ pointer: "/pin" }] }, 422, "mark"],
	["a sentence with its wait", { code: "too-many-attempts", detail: "Wait", retry_after: 60 }, 429, "say"],
	["the end of a session", { code: "session-expired", detail: "Over" }, 401, "leave"],
	["that no answer came", undefined, 0, "say"],
]) {
	test(`the journey of the page shows ${what}`, async () => {
		const { told, refresh } = await started(body, status);
		await refresh();
		assert.equal(told.length, 1);
		assert.equal(told[0][0], expected);
		assert.equal(told[0][2], body?.retry_after);
	});
}
