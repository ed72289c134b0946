/** The operating system. */
export declare enum System {
	Other = "other",
	Android = "android",
	Chromeos = "chromeos",
	Ipad = "ipad",
	Iphone = "iphone",
	Linux = "linux",
	Mac = "mac",
	Windows = "windows",
}
/** The program. */
export declare enum Product {
	Other = "other",
	Chrome = "chrome",
	Edge = "edge",
	Firefox = "firefox",
	Opera = "opera",
	Safari = "safari",
	SamsungInternet = "samsung-internet",
}
/** A problem as defined by RFC 9457. `detail` is the sentence to show to the member. */
export interface Problem {
	/** @format uri */
	type: string;
	code:
		| "forbidden-origin"
		| "internal-error"
		| "invalid-code"
		| "invalid-credentials"
		| "invalid-request"
		| "invalid-reset-token"
		| "invalid-token"
		| "malformed-request"
		| "method-not-allowed"
		| "not-authentic"
		| "not-found"
		| "not-recognised"
		| "passkey-not-added"
		| "pin-disabled"
		| "pins-differ"
		| "request-too-large"
		| "session-expired"
		| "sign-in-again"
		| "sign-in-first"
		| "too-many-attempts"
		| "too-many-passkeys"
		| "try-later"
		| "weak-pin";
	title: string;
	status: number;
	detail: string;
	/**
	 * Number of seconds before the next attempt.
	 * @min 1
	 */
	retry_after?: number;
	/**
	 * Number of wrong attempts before the next limit, after a wrong one. In a 401: before the first wait (PIN), the end of the code, or the end of the day's attempts (IBAN). In a 429: before the PIN is disabled. The same for an unknown identifier.
	 * @min 0
	 */
	tries_left?: number;
	errors?: {
		/** The field, as a JSON Pointer (RFC 6901). */
		pointer: string;
		detail: string;
	}[];
}
/** What a member should know of their sign-in. */
export interface AccountAnswer {
	/** Whether codes and notices reach the member by e-mail: `bounced` if an e-mail came back, `complained` if one was reported as spam. */
	email: "works" | "bounced" | "complained" | "none";
}
/** A browser's answer at a sign-in: `PublicKeyCredential.toJSON()`. Other members are ignored. */
export interface Assertion {
	/** @format base64url */
	id: string;
	/** An authenticator's answer at a sign-in. */
	response: AssertionResponse;
}
/** An authenticator's answer at a sign-in. */
export interface AssertionResponse {
	/**
	 * What the browser signs, as JSON.
	 * @format base64url
	 */
	clientDataJSON: string;
	/** @format base64url */
	authenticatorData: string;
	/** @format base64url */
	signature: string;
	/** @format base64url */
	userHandle?: string;
}
/** A browser's answer when an authenticator has made a passkey: `PublicKeyCredential.toJSON()`. */
export interface Attestation {
	/** @format base64url */
	id: string;
	/** An authenticator's answer when it has made a passkey. */
	response: AttestationResponse;
}
/** An authenticator's answer when it has made a passkey. */
export interface AttestationResponse {
	/**
	 * What the browser signs, as JSON.
	 * @format base64url
	 */
	clientDataJSON: string;
	/** @format base64url */
	attestationObject: string;
}
/** What an authenticator must do. */
export interface AuthenticatorSelection {
	residentKey: "required";
	requireResidentKey: true;
	userVerification: "required";
}
/** The code of a second step. */
export interface CodeOfStep {
	/**
	 * The six digits from the e-mail, which need the cookie of their request, or the ten digits from the letter. Spaces, dots and hyphens are ignored.
	 * @format password
	 */
	code: string;
}
/** A member's request for a one-time code. */
export interface CodeRequest {
	/** Six to twelve letters or digits; blanks are ignored, and lower case is accepted. */
	identifier: string;
	/** Send the code by letter, for members who can no longer read their e-mail. */
	channel?: "letter";
}
/** How a code was sent. The answer of `/reset` is the same for an unknown identifier. */
export interface CodeSent {
	channel: "email" | "letter";
	/** Number of seconds before the code expires. */
	expires_in: number;
	/** Number of seconds before another code can be requested. */
	resend_after: number;
}
/** A one-time code and the identifier of its member. A code from an e-mail also needs the cookie of its request. */
export interface CodeVerification {
	/** Six to twelve letters or digits; blanks are ignored, and lower case is accepted. */
	identifier: string;
	/**
	 * The six digits from the e-mail, which need the cookie of their request, or the ten digits from the letter. Spaces, dots and hyphens are ignored.
	 * @format password
	 */
	code: string;
}
/**
 * The issuer's metadata, for services that verify access tokens.
 *
 * They choose the algorithm by ``id_token_signing_alg_values_supported``. The issuer is no OpenID provider, and states
 * nothing that only a provider has.
 */
export interface Configuration {
	issuer: string;
	jwks_uri: string;
	subject_types_supported: string[];
	id_token_signing_alg_values_supported: string[];
}
/** A passkey that the member has already. */
export interface CredentialDescriptor {
	type: "public-key";
	id: string;
}
/** The credentials a member signs in with. */
export interface Credentials {
	/** Six to twelve letters or digits; blanks are ignored, and lower case is accepted. */
	identifier: string;
	/**
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
}
/** The identifier was sent to the member's e-mail address. */
export interface DeliveredByEmail {
	delivery: "email";
	masked_email: string;
}
/** A known browser. */
export interface DeviceAnswer {
	id: string;
	/**
	 * RFC 3339, in UTC.
	 * @format date-time
	 */
	since: string;
	/**
	 * The last sign-in. RFC 3339, in UTC.
	 * @format date-time
	 */
	last_used_at: string;
	/** As the browser named itself when it signed in. */
	browser: Product;
	/** As the browser named itself when it signed in. */
	system: System;
	/** Whether this call comes from it. */
	is_present: boolean;
}
/** A member's known browsers; the one that signed in last comes first. */
export interface DevicesAnswer {
	devices: DeviceAnswer[];
}
/** The answer to a challenge: the end of the IBAN the member's reimbursements are paid into. */
export interface IbanAnswer {
	/**
	 * The challenge that the search returned.
	 * @format password
	 */
	challenge: string;
	/** The last six characters of the IBAN. */
	iban_last6: string;
}
/** The member must give the end of an IBAN to see the identifier. */
export interface IbanRequired {
	delivery: "screen";
	challenge: string;
	/** Number of seconds before the challenge expires. */
	expires_in: number;
}
/** How the member gets the identifier. Data that match no member get a challenge that no IBAN solves. */
export type IdentifierDelivery = DeliveredByEmail | IbanRequired;
/** The identifier found. */
export interface IdentifierFound {
	identifier: string;
}
/** The personal data that identify a member who has forgotten the identifier. */
export interface IdentityData {
	/**
	 * 13 characters, or 15 with the two-digit key; spaces, dots, hyphens and words such as N° and clé are ignored.
	 * @format password
	 */
	nir: string;
	/**
	 * As social security records it: 00 for an unknown day or month; lunar dates are accepted.
	 * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$
	 */
	birth_date: string;
	/** Five digits in France; up to 16 letters and digits elsewhere. */
	postcode: string;
}
/** A kind of signature. */
export interface KeyParameters {
	type: "public-key";
	alg: number;
}
/** The options of a new passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON`. */
export interface NewPasskeyOptions {
	/** The service. */
	rp: RelyingPartyEntity;
	/** The member, by a random handle. */
	user: UserEntity;
	challenge: string;
	pubKeyCredParams: KeyParameters[];
	/** Number of milliseconds before the challenge expires. */
	timeout: number;
	excludeCredentials: CredentialDescriptor[];
	/** What an authenticator must do. */
	authenticatorSelection: AuthenticatorSelection;
	attestation: "none";
}
/** A passkey to add. */
export interface NewPasskeyRequest {
	/** A browser's answer when an authenticator has made a passkey: `PublicKeyCredential.toJSON()`. */
	credential: Attestation;
	/**
	 * The member's name for it; without one, the browser's and the system's.
	 * @maxLength 60
	 */
	name?: string;
}
/** A new PIN, authorised by a reset token. */
export interface NewPin {
	/**
	 * The token that the code was exchanged for.
	 * @format password
	 */
	reset_token: string;
	/**
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
	/**
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin_confirmation: string;
}
/** The PIN is disabled. A code is on its way, unless `channel` is absent: then ask for it by `POST /reset`. */
export interface NotMeDone {
	/** How the code was sent. */
	channel?: "email" | "letter" | null;
	/** Number of seconds before the code expires. */
	expires_in?: number | null;
	/** Number of seconds before a code can be requested. */
	resend_after: number;
}
/** A passkey. */
export interface PasskeyAnswer {
	id: string;
	name: string;
	/**
	 * RFC 3339, in UTC.
	 * @format date-time
	 */
	created_at: string;
	/**
	 * RFC 3339, in UTC; absent before the first use.
	 * @format date-time
	 */
	last_used_at?: string | null;
}
/** A member's passkeys, the oldest first. */
export interface PasskeysAnswer {
	passkeys: PasskeyAnswer[];
}
/** A new PIN, authorised by the current one. */
export interface PinChange {
	/** Six to twelve letters or digits; blanks are ignored, and lower case is accepted. */
	identifier: string;
	/**
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
	/**
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	new_pin: string;
	/**
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	new_pin_confirmation: string;
}
/** A public key as a JWK (RFC 7517). */
export interface PublicKey {
	kty: "RSA";
	use: "sig";
	alg: "RS256";
	kid: string;
	n: string;
	e: string;
}
/** The public keys that verify access tokens. */
export interface PublicKeys {
	keys: PublicKey[];
}
/** The service. */
export interface RelyingPartyEntity {
	id: string;
	name: string;
}
/** A token that authorises the member to set a new PIN. */
export interface ResetTokenIssued {
	reset_token: string;
	/** Number of seconds before the token expires. */
	expires_in: number;
}
/** A session. */
export interface SessionAnswer {
	/** The `sid` of its access tokens. */
	id: string;
	/**
	 * RFC 3339, in UTC.
	 * @format date-time
	 */
	since: string;
	/**
	 * The last refresh. RFC 3339, in UTC.
	 * @format date-time
	 */
	last_used_at: string;
	/** As the browser named itself when it signed in. */
	browser: Product;
	/** As the browser named itself when it signed in. */
	system: System;
	/** Whether the access token of this call belongs to it. */
	is_present: boolean;
}
/** A member's sessions, the newest first. */
export interface SessionsAnswer {
	sessions: SessionAnswer[];
}
/** The options of a sign-in, for `PublicKeyCredential.parseRequestOptionsFromJSON`; the same for everyone. */
export interface SignInOptions {
	challenge: string;
	/** Number of milliseconds before the challenge expires. */
	timeout: number;
	rpId: string;
	/** @maxItems 0 */
	allowCredentials: string[];
	userVerification: "required";
}
/** A request for a code, or the code. */
export interface StepUp {
	/**
	 * The six digits from the e-mail, which need the cookie of their request, or the ten digits from the letter. Spaces, dots and hyphens are ignored.
	 * @format password
	 */
	code?: string;
}
/** An access token (RFC 6749 §5.1). The refresh token is set as a cookie. */
export interface Tokens {
	/** A JWT with the RFC 9068 profile, signed with RS256. `sid` names the session; `acr` and `amr` say how it was opened: `pin`, `pin-known-browser` where the member had signed in before, `pin-code` where a code was asked for as well, or `passkey`. */
	access_token: string;
	token_type: "Bearer";
	/** Number of seconds before the access token expires. */
	expires_in: number;
}
/** The member, by a random handle. */
export interface UserEntity {
	id: string;
	name: string;
	displayName: string;
}
/** What a client is made from. */
export interface ClientOptions {
	/** The address of the API, without a trailing slash. */
	baseUrl?: string;
	/** Returns the language of sentences at each call, such as `fr`; if left out, the browser's. */
	language?: () => string;
	/** Milliseconds to wait for an answer; 30,000 if left out. */
	timeout?: number;
	/** Replaces `fetch`, such as in tests. */
	fetch?: typeof fetch;
}
/** What one call may change. */
export interface CallOptions {
	/** Aborts the call, which then throws the signal's reason. */
	signal?: AbortSignal;
	/** Milliseconds to wait for the answer. */
	timeout?: number;
	/** The access token of the member, for calls that need one. */
	token?: string;
}
/** The API rejected the call. */
export declare class ProblemError extends Error {
	/** Why, with the sentence to show. A newer API may have codes that these types do not know. */
	readonly problem: Problem;
	/** The language of the sentences (BCP 47). */
	readonly language: string;
	/** Seconds to wait before the next call, if the API says so (`retry_after`, or the header `Retry-After`). */
	readonly retryAfter: number | undefined;
	constructor(problem: Problem, headers: Headers);
}
/** No answer came from the API: a call that changes something may have done so. */
export declare class NoAnswerError extends Error {}
/** The network failed, or something between page and API answered instead; `cause` says more. */
export declare class NetworkError extends NoAnswerError {
	name: string;
}
/** The answer did not come in time. */
export declare class TimeoutError extends NoAnswerError {
	name: string;
}
/**
 * The calls of a front-end, each by its name in the OpenAPI document.
 *
 * Every call throws `ProblemError` if the API rejects it, `NetworkError` or `TimeoutError` if no answer comes.
 */
export declare class Api {
	private readonly options;
	constructor(options?: ClientOptions);
	/** Sign in with an identifier and a PIN: `POST /login`. */
	signIn: (
		data: Credentials,
		options?: CallOptions,
	) => Promise<Tokens | CodeSent>;
	/** Finish a sign-in in a new browser with the code that was sent: `POST /login/confirm`. */
	confirmSignIn: (data: CodeOfStep, options?: CallOptions) => Promise<Tokens>;
	/** Raise the level of a session: request a code, then send it: `POST /login/step-up`. */
	stepUp: (data: StepUp, options?: CallOptions) => Promise<Tokens | CodeSent>;
	/** Get a new access token for a session and replace its cookie: `POST /login/refresh`. */
	refreshSession: (options?: CallOptions) => Promise<Tokens>;
	/** Get a challenge to sign in with a passkey: `POST /login/passkey/options`. */
	passkeyOptions: (options?: CallOptions) => Promise<SignInOptions>;
	/** Sign in with a passkey: `POST /login/passkey`. */
	signInWithPasskey: (
		data: Assertion,
		options?: CallOptions,
	) => Promise<Tokens>;
	/** End a session: `POST /logout`. */
	signOut: (options?: CallOptions) => Promise<void>;
	/** Get the public keys that verify access tokens: `GET /.well-known/jwks.json`. */
	signingKeys: (options?: CallOptions) => Promise<PublicKeys>;
	/** Get the issuer's metadata and the address of its keys: `GET /.well-known/openid-configuration`. */
	configuration: (options?: CallOptions) => Promise<Configuration>;
	/** Request a one-time code by e-mail or by letter: `POST /reset`. */
	requestCode: (data: CodeRequest, options?: CallOptions) => Promise<CodeSent>;
	/** Exchange a one-time code for a reset token: `POST /reset/verify`. */
	verifyCode: (
		data: CodeVerification,
		options?: CallOptions,
	) => Promise<ResetTokenIssued>;
	/** Set a new PIN with a reset token and end every session: `POST /reset/pin`. */
	setPin: (data: NewPin, options?: CallOptions) => Promise<void>;
	/** Change the PIN with the current one and end every session: `POST /pin`. */
	changePin: (data: PinChange, options?: CallOptions) => Promise<void>;
	/** Find an identifier by social security number, birth date and postcode: `POST /identifier`. */
	findIdentifier: (
		data: IdentityData,
		options?: CallOptions,
	) => Promise<IdentifierDelivery>;
	/** Show the identifier in exchange for the last six characters of the IBAN: `POST /identifier/iban`. */
	showIdentifier: (
		data: IbanAnswer,
		options?: CallOptions,
	) => Promise<IdentifierFound>;
	/** List the member's passkeys: `GET /passkeys`. */
	passkeys: (options?: CallOptions) => Promise<PasskeysAnswer>;
	/** Add a passkey, at most five minutes after a sign-in: `POST /passkeys`. */
	addPasskey: (
		data: NewPasskeyRequest,
		options?: CallOptions,
	) => Promise<PasskeyAnswer>;
	/** Get a challenge to add a passkey, at most five minutes after a sign-in: `POST /passkeys/options`. */
	newPasskeyOptions: (options?: CallOptions) => Promise<NewPasskeyOptions>;
	/** Delete a passkey, at most five minutes after a sign-in: `DELETE /passkeys/${id}`. */
	deletePasskey: (id: string, options?: CallOptions) => Promise<void>;
	/** List the member's sessions: `GET /sessions`. */
	sessions: (options?: CallOptions) => Promise<SessionsAnswer>;
	/** End all sessions of the member, the present one too: `DELETE /sessions`. */
	endSessions: (options?: CallOptions) => Promise<void>;
	/** End one of the member's sessions: `DELETE /sessions/${id}`. */
	endSession: (id: string, options?: CallOptions) => Promise<void>;
	/** List the browsers that the member is known in: `GET /devices`. */
	devices: (options?: CallOptions) => Promise<DevicesAnswer>;
	/** Forget a browser; its sessions go on: `DELETE /devices/${id}`. */
	forgetDevice: (id: string, options?: CallOptions) => Promise<void>;
	/** Get what the member should know of their sign-in: `GET /account`. */
	account: (options?: CallOptions) => Promise<AccountAnswer>;
	/** Disable the PIN, end all sessions, forget all browsers and send a code for a new PIN: `POST /account/not-me`. */
	notMe: (options?: CallOptions) => Promise<NotMeDone>;
	private call;
}
