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
		| "malformed-request"
		| "method-not-allowed"
		| "not-authentic"
		| "not-found"
		| "not-recognised"
		| "pin-disabled"
		| "pins-differ"
		| "request-too-large"
		| "session-expired"
		| "too-many-attempts"
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
/**
 * CodeRequest
 * A member's request for a one-time code.
 */
export interface CodeRequest {
	/**
	 * Identifier
	 * Six to twelve letters or digits; blanks are ignored, and lower case is accepted.
	 */
	identifier: string;
	/**
	 * Channel
	 * Send the code by letter, for members who can no longer read their e-mail.
	 */
	channel?: "letter";
}
/**
 * CodeSent
 * How the code was sent. The answer is the same for an unknown identifier.
 */
export interface CodeSent {
	/** Channel */
	channel: "email" | "letter";
	/**
	 * Expires In
	 * Number of seconds before the code expires.
	 */
	expires_in: number;
	/**
	 * Resend After
	 * Number of seconds before another code can be requested.
	 */
	resend_after: number;
}
/**
 * CodeVerification
 * A one-time code and the identifier of its member. A code from an e-mail also needs the cookie of its request.
 */
export interface CodeVerification {
	/**
	 * Identifier
	 * Six to twelve letters or digits; blanks are ignored, and lower case is accepted.
	 */
	identifier: string;
	/**
	 * Code
	 * The six digits from the e-mail, which need the cookie of their request, or the ten digits from the letter. Spaces, dots and hyphens are ignored.
	 * @format password
	 */
	code: string;
}
/**
 * Configuration
 * The issuer's metadata, for services that verify access tokens.
 *
 * They choose the algorithm by ``id_token_signing_alg_values_supported``. The issuer is no OpenID provider, and states
 * nothing that only a provider has.
 */
export interface Configuration {
	/** Issuer */
	issuer: string;
	/** Jwks Uri */
	jwks_uri: string;
	/** Subject Types Supported */
	subject_types_supported: string[];
	/** Id Token Signing Alg Values Supported */
	id_token_signing_alg_values_supported: string[];
}
/**
 * Credentials
 * The credentials a member signs in with.
 */
export interface Credentials {
	/**
	 * Identifier
	 * Six to twelve letters or digits; blanks are ignored, and lower case is accepted.
	 */
	identifier: string;
	/**
	 * Pin
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
}
/**
 * DeliveredByEmail
 * The identifier was sent to the member's e-mail address.
 */
export interface DeliveredByEmail {
	/** Delivery */
	delivery: "email";
	/** Masked Email */
	masked_email: string;
}
/**
 * IbanAnswer
 * The answer to a challenge: the end of the IBAN the member's reimbursements are paid into.
 */
export interface IbanAnswer {
	/**
	 * Challenge
	 * The challenge that the search returned.
	 * @format password
	 */
	challenge: string;
	/**
	 * Iban Last6
	 * The last six characters of the IBAN.
	 */
	iban_last6: string;
}
/**
 * IbanRequired
 * The member must give the end of an IBAN to see the identifier.
 */
export interface IbanRequired {
	/** Delivery */
	delivery: "screen";
	/** Challenge */
	challenge: string;
	/**
	 * Expires In
	 * Number of seconds before the challenge expires.
	 */
	expires_in: number;
}
/**
 * IdentifierDelivery
 * How the member gets the identifier. Data that match no member get a challenge that no IBAN solves.
 */
export type IdentifierDelivery = DeliveredByEmail | IbanRequired;
/**
 * IdentifierFound
 * The identifier found.
 */
export interface IdentifierFound {
	/** Identifier */
	identifier: string;
}
/**
 * IdentityData
 * The personal data that identify a member who has forgotten the identifier.
 */
export interface IdentityData {
	/**
	 * Nir
	 * 13 characters, or 15 with the two-digit key; spaces, dots, hyphens and words such as N° and clé are ignored.
	 * @format password
	 */
	nir: string;
	/**
	 * Birth Date
	 * As social security records it: 00 for an unknown day or month; lunar dates are accepted.
	 * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$
	 */
	birth_date: string;
	/**
	 * Postcode
	 * Five digits in France; up to 16 letters and digits elsewhere.
	 */
	postcode: string;
}
/**
 * NewPin
 * A new PIN, authorised by a reset token.
 */
export interface NewPin {
	/**
	 * Reset Token
	 * The token that the code was exchanged for.
	 * @format password
	 */
	reset_token: string;
	/**
	 * Pin
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
	/**
	 * Pin Confirmation
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin_confirmation: string;
}
/**
 * PinChange
 * A new PIN, authorised by the current one.
 */
export interface PinChange {
	/**
	 * Identifier
	 * Six to twelve letters or digits; blanks are ignored, and lower case is accepted.
	 */
	identifier: string;
	/**
	 * Pin
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
	/**
	 * New Pin
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	new_pin: string;
	/**
	 * New Pin Confirmation
	 * Six ASCII digits, including leading zeros.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	new_pin_confirmation: string;
}
/**
 * PublicKey
 * A public key as a JWK (RFC 7517).
 */
export interface PublicKey {
	/** Kty */
	kty: "RSA";
	/** Use */
	use: "sig";
	/** Alg */
	alg: "RS256";
	/** Kid */
	kid: string;
	/** N */
	n: string;
	/** E */
	e: string;
}
/**
 * PublicKeys
 * The public keys that verify access tokens.
 */
export interface PublicKeys {
	/** Keys */
	keys: PublicKey[];
}
/**
 * ResetTokenIssued
 * A token that authorises the member to set a new PIN.
 */
export interface ResetTokenIssued {
	/** Reset Token */
	reset_token: string;
	/**
	 * Expires In
	 * Number of seconds before the token expires.
	 */
	expires_in: number;
}
/**
 * Tokens
 * An access token (RFC 6749 §5.1). The refresh token is set as a cookie.
 */
export interface Tokens {
	/**
	 * Access Token
	 * A JWT with the RFC 9068 profile, signed with RS256.
	 */
	access_token: string;
	/** Token Type */
	token_type: "Bearer";
	/**
	 * Expires In
	 * Number of seconds before the access token expires.
	 */
	expires_in: number;
}
export type QueryParamsType = Record<string | number, any>;
export type ResponseFormat = keyof Omit<Body, "body" | "bodyUsed">;
export interface FullRequestParams extends Omit<RequestInit, "body"> {
	/** set parameter to `true` for call `securityWorker` for this request */
	secure?: boolean;
	/** request path */
	path: string;
	/** content type of request body */
	type?: ContentType;
	/** query params */
	query?: QueryParamsType;
	/** format of response (i.e. response.json() -> format: "json") */
	format?: ResponseFormat;
	/** request body */
	body?: unknown;
	/** base url */
	baseUrl?: string;
	/** request cancellation token */
	cancelToken?: CancelToken;
}
export type RequestParams = Omit<
	FullRequestParams,
	"body" | "method" | "query" | "path"
>;
export interface ApiConfig<SecurityDataType = unknown> {
	baseUrl?: string;
	baseApiParams?: Omit<RequestParams, "baseUrl" | "cancelToken" | "signal">;
	securityWorker?: (
		securityData: SecurityDataType | null,
	) => Promise<RequestParams | void> | RequestParams | void;
	customFetch?: typeof fetch;
}
export interface HttpResponse<D extends unknown, E extends unknown = unknown>
	extends Response {
	data: D;
	error: E;
}
type CancelToken = Symbol | string | number;
export declare enum ContentType {
	Json = "application/json",
	JsonApi = "application/vnd.api+json",
	FormData = "multipart/form-data",
	UrlEncoded = "application/x-www-form-urlencoded",
	Text = "text/plain",
}
export declare class HttpClient<SecurityDataType = unknown> {
	baseUrl: string;
	private securityData;
	private securityWorker?;
	private abortControllers;
	private customFetch;
	private baseApiParams;
	constructor(apiConfig?: ApiConfig<SecurityDataType>);
	setSecurityData: (data: SecurityDataType | null) => void;
	protected encodeQueryParam(key: string, value: any): string;
	protected addQueryParam(query: QueryParamsType, key: string): string;
	protected addArrayQueryParam(query: QueryParamsType, key: string): any;
	protected toQueryString(rawQuery?: QueryParamsType): string;
	protected addQueryParams(rawQuery?: QueryParamsType): string;
	private contentFormatters;
	protected mergeRequestParams(
		params1: RequestParams,
		params2?: RequestParams,
	): RequestParams;
	protected createAbortSignal: (
		cancelToken: CancelToken,
	) => AbortSignal | undefined;
	abortRequest: (cancelToken: CancelToken) => void;
	request: <T = any, E = any>({
		body,
		secure,
		path,
		type,
		query,
		format,
		baseUrl,
		cancelToken,
		...params
	}: FullRequestParams) => Promise<HttpResponse<T, E>>;
}
/**
 * @title Espace Adhérent access
 * @version 1
 * @license Apache-2.0
 * @baseUrl /v1
 *
 * Sign-in for the members of a health insurer. Errors are problem details (RFC 9457): their sentences follow `Accept-Language` (`fr` or `en`), their codes never change. An unknown path returns 404 `not-found`; a method that a path does not support returns 405 `method-not-allowed`. Paths that take GET take HEAD too. A browser's page of another host may make the other calls only if its origin is configured; else they return 403 `forbidden-origin`.
 */
export declare class Api<
	SecurityDataType extends unknown,
> extends HttpClient<SecurityDataType> {
	login: {
		/**
		 * No description
		 *
		 * @name SignIn
		 * @summary Sign in with an identifier and a PIN
		 * @request POST:/login
		 * @secure
		 */
		signIn: (
			data: Credentials,
			params?: RequestParams,
		) => Promise<HttpResponse<Tokens, Problem>>;
		/**
		 * No description
		 *
		 * @name RefreshSession
		 * @summary Get a new access token for a session and replace its cookie
		 * @request POST:/login/refresh
		 * @secure
		 */
		refreshSession: (
			params?: RequestParams,
		) => Promise<HttpResponse<Tokens, Problem>>;
	};
	logout: {
		/**
		 * No description
		 *
		 * @name SignOut
		 * @summary End a session
		 * @request POST:/logout
		 * @secure
		 */
		signOut: (params?: RequestParams) => Promise<HttpResponse<void, Problem>>;
	};
	wellKnown: {
		/**
		 * No description
		 *
		 * @name SigningKeys
		 * @summary Get the public keys that verify access tokens
		 * @request GET:/.well-known/jwks.json
		 */
		signingKeys: (
			params?: RequestParams,
		) => Promise<HttpResponse<PublicKeys, Problem>>;
		/**
		 * No description
		 *
		 * @name Configuration
		 * @summary Get the issuer's metadata and the address of its keys
		 * @request GET:/.well-known/openid-configuration
		 */
		configuration: (
			params?: RequestParams,
		) => Promise<HttpResponse<Configuration, Problem>>;
	};
	reset: {
		/**
		 * No description
		 *
		 * @name RequestCode
		 * @summary Request a one-time code by e-mail or by letter
		 * @request POST:/reset
		 * @secure
		 */
		requestCode: (
			data: CodeRequest,
			params?: RequestParams,
		) => Promise<HttpResponse<CodeSent, Problem>>;
		/**
		 * No description
		 *
		 * @name VerifyCode
		 * @summary Exchange a one-time code for a reset token
		 * @request POST:/reset/verify
		 * @secure
		 */
		verifyCode: (
			data: CodeVerification,
			params?: RequestParams,
		) => Promise<HttpResponse<ResetTokenIssued, Problem>>;
		/**
		 * No description
		 *
		 * @name SetPin
		 * @summary Set a new PIN with a reset token and end every session
		 * @request POST:/reset/pin
		 */
		setPin: (
			data: NewPin,
			params?: RequestParams,
		) => Promise<HttpResponse<void, Problem>>;
	};
	pin: {
		/**
		 * No description
		 *
		 * @name ChangePin
		 * @summary Change the PIN with the current one and end every session
		 * @request POST:/pin
		 * @secure
		 */
		changePin: (
			data: PinChange,
			params?: RequestParams,
		) => Promise<HttpResponse<void, Problem>>;
	};
	identifier: {
		/**
		 * No description
		 *
		 * @name FindIdentifier
		 * @summary Find an identifier by social security number, birth date and postcode
		 * @request POST:/identifier
		 * @secure
		 */
		findIdentifier: (
			data: IdentityData,
			params?: RequestParams,
		) => Promise<HttpResponse<IdentifierDelivery, Problem>>;
		/**
		 * No description
		 *
		 * @name ShowIdentifier
		 * @summary Show the identifier in exchange for the last six characters of the IBAN
		 * @request POST:/identifier/iban
		 */
		showIdentifier: (
			data: IbanAnswer,
			params?: RequestParams,
		) => Promise<HttpResponse<IdentifierFound, Problem>>;
	};
}
export {};
