export var System;
(function (System) {
	System["Other"] = "other";
	System["Android"] = "android";
	System["Chromeos"] = "chromeos";
	System["Ipad"] = "ipad";
	System["Iphone"] = "iphone";
	System["Linux"] = "linux";
	System["Mac"] = "mac";
	System["Windows"] = "windows";
})(System || (System = {}));
export var Product;
(function (Product) {
	Product["Other"] = "other";
	Product["Chrome"] = "chrome";
	Product["Edge"] = "edge";
	Product["Firefox"] = "firefox";
	Product["Opera"] = "opera";
	Product["Safari"] = "safari";
	Product["SamsungInternet"] = "samsung-internet";
})(Product || (Product = {}));
export class ProblemError extends Error {
	problem;
	language;
	retryAfter;
	constructor(problem, headers) {
		super(problem.code);
		this.name = "ProblemError";
		this.problem = problem;
		this.language = headers.get("Content-Language") ?? "fr";
		this.retryAfter =
			problem.retry_after ?? (Number(headers.get("Retry-After")) || undefined);
	}
}
export class NoAnswerError extends Error {}
export class NetworkError extends NoAnswerError {
	name = "NetworkError";
}
export class TimeoutError extends NoAnswerError {
	name = "TimeoutError";
}
export class Api {
	options;
	constructor(options = {}) {
		this.options = options;
	}
	signIn = (data, options) => this.call("POST", "/login", data, options);
	confirmSignIn = (data, options) =>
		this.call("POST", "/login/confirm", data, options);
	stepUp = (data, options) =>
		this.call("POST", "/login/step-up", data, options);
	refreshSession = (options) =>
		this.call("POST", "/login/refresh", undefined, options);
	passkeyOptions = (options) =>
		this.call("POST", "/login/passkey/options", undefined, options);
	signInWithPasskey = (data, options) =>
		this.call("POST", "/login/passkey", data, options);
	signOut = (options) => this.call("POST", "/logout", undefined, options);
	signingKeys = (options) =>
		this.call("GET", "/.well-known/jwks.json", undefined, options);
	configuration = (options) =>
		this.call("GET", "/.well-known/openid-configuration", undefined, options);
	requestCode = (data, options) => this.call("POST", "/reset", data, options);
	verifyCode = (data, options) =>
		this.call("POST", "/reset/verify", data, options);
	setPin = (data, options) => this.call("POST", "/reset/pin", data, options);
	changePin = (data, options) => this.call("POST", "/pin", data, options);
	findIdentifier = (data, options) =>
		this.call("POST", "/identifier", data, options);
	showIdentifier = (data, options) =>
		this.call("POST", "/identifier/iban", data, options);
	passkeys = (options) => this.call("GET", "/passkeys", undefined, options);
	addPasskey = (data, options) => this.call("POST", "/passkeys", data, options);
	newPasskeyOptions = (options) =>
		this.call("POST", "/passkeys/options", undefined, options);
	deletePasskey = (id, options) =>
		this.call("DELETE", `/passkeys/${id}`, undefined, options);
	sessions = (options) => this.call("GET", "/sessions", undefined, options);
	endSessions = (options) =>
		this.call("DELETE", "/sessions", undefined, options);
	endSession = (id, options) =>
		this.call("DELETE", `/sessions/${id}`, undefined, options);
	devices = (options) => this.call("GET", "/devices", undefined, options);
	forgetDevice = (id, options) =>
		this.call("DELETE", `/devices/${id}`, undefined, options);
	account = (options) => this.call("GET", "/account", undefined, options);
	notMe = (options) => this.call("POST", "/account/not-me", undefined, options);
	async call(method, path, body, own = {}) {
		const {
			baseUrl = "/v1",
			language,
			fetch: ask = fetch,
			timeout = 30_000,
		} = this.options;
		const { signal } = own;
		const headers = {};
		if (language) headers["Accept-Language"] = language();
		if (body) headers["Content-Type"] = "application/json";
		if (own.token) headers.Authorization = `Bearer ${own.token}`;
		const ended = new AbortController();
		const end = () => ended.abort();
		const timer = setTimeout(end, own.timeout ?? timeout);
		signal?.addEventListener("abort", end);
		if (signal?.aborted) end();
		try {
			const response = await ask(baseUrl + path, {
				method,
				headers,
				body: body ? JSON.stringify(body) : null,
				credentials: "include",
				redirect: "error",
				referrerPolicy: "no-referrer",
				signal: ended.signal,
			});
			if (response.status === 204) return undefined;
			const answer = await response.json();
			if (response.ok) return answer;
			if (typeof answer?.code === "string" && typeof answer.detail === "string")
				throw new ProblemError(answer, response.headers);
			throw new Error(`HTTP ${response.status} without a problem of the API`);
		} catch (cause) {
			if (cause instanceof ProblemError) throw cause;
			if (signal?.aborted) throw signal.reason;
			throw new (ended.signal.aborted ? TimeoutError : NetworkError)(
				`${method} ${path}`,
				{ cause },
			);
		} finally {
			clearTimeout(timer);
			signal?.removeEventListener("abort", end);
		}
	}
}
