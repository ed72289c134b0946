import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, NetworkError, NoAnswerError, ProblemError, TimeoutError } from "../../../portal/client/api.js";

const CREDENTIALS = { identifier: "A1234567", pin: "738264" };
const TOKENS = { access_token: "a.b.c", token_type: "Bearer", expires_in: 900 };
const WRONG = {
	type: "urn:member-access:invalid-credentials",
	code: "invalid-credentials",
	title: "Échec",
	status: 401,
	detail: "Identifiant ou mot de passe incorrect",
};

/** An API whose every answer is this one, and what it was asked. */
function answering(body, status = 200, headers = {}) {
	const asked = [];
	const fetch = async (url, request) => {
		asked.push({ url, ...request });
		const text = typeof body === "string" ? body : JSON.stringify(body);
		return new Response(status === 204 ? null : text, { status, headers });
	};
	return { asked, fetch };
}

/** Never answers, and stops when it is aborted. */
const silent = (_, { signal }) =>
	new Promise((_, reject) => {
		const stop = () => reject(signal.reason);
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop);
	});

/** @returns the error of a call. */
const failureOf = (call) =>
	call.then(
		() => assert.fail("the call succeeded"),
		(error) => error,
	);

test("a call sends its body, cookies and the language of the moment", async () => {
	const { asked, fetch } = answering(TOKENS);
	let language = "fr";
	const api = new Api({ baseUrl: "https://adherents.example/v1", language: () => language, fetch });
	language = "en";

	assert.deepEqual(await api.signIn(CREDENTIALS), TOKENS);
	const [{ url, method, body, headers, credentials, redirect }] = asked;
	assert.deepEqual(
		{ url, method, body, headers, credentials, redirect },
		{
			url: "https://adherents.example/v1/login",
			method: "POST",
			body: JSON.stringify(CREDENTIALS),
			headers: { "Accept-Language": "en", "Content-Type": "application/json" },
			credentials: "include",
			redirect: "error",
		},
	);
});

test("a call without a body declares none", async () => {
	const { asked, fetch } = answering({ keys: [] });
	await new Api({ fetch }).signingKeys();
	assert.deepEqual(
		[asked[0].url, asked[0].method, asked[0].body, asked[0].headers],
		["/v1/.well-known/jwks.json", "GET", null, {}],
	);
});

test("an answer without content is undefined", async () => {
	assert.equal(await new Api(answering("", 204)).signOut(), undefined);
});

test("a rejected call throws the problem and the language of its sentences", async () => {
	const error = await failureOf(new Api(answering(WRONG, 401, { "Content-Language": "en" })).signIn(CREDENTIALS));
	assert.ok(error instanceof ProblemError);
	assert.deepEqual(error.problem, WRONG);
	assert.deepEqual([error.message, error.name, error.language], ["invalid-credentials", "ProblemError", "en"]);
	assert.equal(error.retryAfter, undefined);
	assert.equal(error instanceof NoAnswerError, false);
});

for (const [what, body, headers, seconds] of [
	["in the problem", { ...WRONG, retry_after: 60 }, {}, 60],
	["in the header alone", WRONG, { "Retry-After": "5" }, 5],
	["in both", { ...WRONG, retry_after: 60 }, { "Retry-After": "61" }, 60],
	["as a date, which the API never sends", WRONG, { "Retry-After": "Mon, 30 Nov 2026 10:00:00 GMT" }, undefined],
]) {
	test(`the wait stands ${what}`, async () => {
		const error = await failureOf(new Api(answering(body, 429, headers)).signIn(CREDENTIALS));
		assert.equal(error.retryAfter, seconds);
	});
}

for (const [what, status, body] of [
	["a page of a proxy", 502, "<html>Bad gateway"],
	["a proxy's own JSON", 503, { code: 503, detail: "overloaded" }],
	["a JSON null", 500, "null"],
	["a page of a captive portal", 200, "<html>Welcome"],
]) {
	test(`${what} is no answer of the API`, async () => {
		const error = await failureOf(new Api(answering(body, status)).signIn(CREDENTIALS));
		assert.ok(error instanceof NetworkError && error instanceof NoAnswerError);
		assert.equal(error.message, "POST /login");
		assert.ok(error.cause instanceof Error);
	});
}

test("a failed network throws its cause", async () => {
	const cause = new TypeError("Failed to fetch");
	const error = await failureOf(new Api({ fetch: () => Promise.reject(cause) }).signOut());
	assert.ok(error instanceof NetworkError);
	assert.equal(error.cause, cause);
});

for (const [what, options, own, milliseconds] of [
	["after half a minute", {}, undefined, 30_000],
	["after the client's time", { timeout: 20_000 }, undefined, 20_000],
	["after the call's own time", { timeout: 20_000 }, { timeout: 8_000 }, 8_000],
]) {
	test(`a late answer is given up ${what}`, async (context) => {
		context.mock.timers.enable({ apis: ["setTimeout"] });
		let error;
		const call = failureOf(new Api({ fetch: silent, ...options }).refreshSession(own)).then((it) => {
			error = it;
		});
		context.mock.timers.tick(milliseconds - 1);
		await Promise.resolve();
		assert.equal(error, undefined);
		context.mock.timers.tick(1);
		await call;
		assert.ok(error instanceof TimeoutError && !(error instanceof NetworkError));
	});
}

test("the time to answer includes the body", async (context) => {
	context.mock.timers.enable({ apis: ["setTimeout"] });
	const fetch = async (_, { signal }) => ({ status: 200, ok: true, json: () => silent(_, { signal }) });
	const call = failureOf(new Api({ fetch }).signIn(CREDENTIALS));
	await Promise.resolve();
	context.mock.timers.tick(30_000);
	assert.ok((await call) instanceof TimeoutError);
});

for (const when of ["before", "during"]) {
	test(`a call aborted ${when} it throws the reason`, async () => {
		const [controller, reason] = [new AbortController(), new Error("left the page")];
		if (when === "before") controller.abort(reason);
		const call = failureOf(new Api({ fetch: silent }).signIn(CREDENTIALS, { signal: controller.signal }));
		controller.abort(reason);
		assert.equal(await call, reason);
	});
}
