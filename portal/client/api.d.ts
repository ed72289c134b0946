/** A problem as RFC 9457 defines it; `detail` is the sentence to show. */
export interface Problem {
	/** @format uri */
	type: string;
	code:
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
	 * Seconds to wait before the next try.
	 * @min 1
	 */
	retry_after?: number;
	errors?: {
		/** The field, as a JSON pointer (RFC 6901). */
		pointer: string;
		detail: string;
	}[];
}
/**
 * CodeRequest
 * Who wants a code.
 */
export interface CodeRequest {
	/**
	 * Identifier
	 * Trimmed and upper-cased; then six to twelve letters or digits.
	 */
	identifier: string;
	/**
	 * Channel
	 * For who no longer has the mailbox.
	 */
	channel?: "letter";
}
/**
 * CodeSent
 * How the code goes; for an identifier that nobody has, how it would.
 */
export interface CodeSent {
	/** Channel */
	channel: "email" | "letter";
	/**
	 * Expires In
	 * Seconds for which the code works.
	 */
	expires_in: number;
	/**
	 * Resend After
	 * Seconds after which another one may be asked for.
	 */
	resend_after: number;
}
/**
 * CodeVerification
 * A code, and whose it is.
 */
export interface CodeVerification {
	/**
	 * Identifier
	 * Trimmed and upper-cased; then six to twelve letters or digits.
	 */
	identifier: string;
	/**
	 * Code
	 * The six digits of the e-mail or the letter, without a blank.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	code: string;
}
/**
 * Configuration
 * Where the keys are, for those who verify access tokens.
 */
export interface Configuration {
	/** Issuer */
	issuer: string;
	/** Jwks Uri */
	jwks_uri: string;
	/** Response Types Supported */
	response_types_supported: string[];
	/** Subject Types Supported */
	subject_types_supported: string[];
	/** Id Token Signing Alg Values Supported */
	id_token_signing_alg_values_supported: string[];
}
/**
 * Credentials
 * What a member signs in with.
 */
export interface Credentials {
	/**
	 * Identifier
	 * Trimmed and upper-cased; then six to twelve letters or digits.
	 */
	identifier: string;
	/**
	 * Pin
	 * Six ASCII digits; leading zeros count.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
}
/**
 * DeliveredByEmail
 * The identifier was sent by e-mail.
 */
export interface DeliveredByEmail {
	/** Delivery */
	delivery: "email";
	/** Masked Email */
	masked_email: string;
}
/**
 * IbanAnswer
 * The end of the IBAN that benefits are paid to.
 */
export interface IbanAnswer {
	/**
	 * Challenge
	 * @format password
	 * @pattern ^[0-9a-f]{64}$
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
 * The identifier is shown for the end of the IBAN.
 */
export interface IbanRequired {
	/** Delivery */
	delivery: "screen";
	/** Challenge */
	challenge: string;
	/**
	 * Expires In
	 * Seconds for which the challenge can be solved.
	 */
	expires_in: number;
}
/**
 * IdentifierDelivery
 * How the identifier is given. Data that match nobody get a challenge that no IBAN solves.
 */
export type IdentifierDelivery = DeliveredByEmail | IbanRequired;
/**
 * IdentifierFound
 * The identifier.
 */
export interface IdentifierFound {
	/** Identifier */
	identifier: string;
}
/**
 * IdentityData
 * Who somebody is to social security, and where they live.
 */
export interface IdentityData {
	/**
	 * Nir
	 * 13 characters, or 15 with the key; blanks, dots and hyphens are ignored.
	 * @format password
	 */
	nir: string;
	/**
	 * Birth Date
	 * As social security writes it: 00 for an unknown day or month, lunar dates too.
	 * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$
	 */
	birth_date: string;
	/**
	 * Postcode
	 * Five digits in France, free text elsewhere.
	 */
	postcode: string;
}
/**
 * NewPin
 * A new PIN, by a token.
 */
export interface NewPin {
	/**
	 * Reset Token
	 * @format password
	 * @pattern ^[0-9a-f]{64}$
	 */
	reset_token: string;
	/**
	 * Pin
	 * Six ASCII digits; leading zeros count.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
	/**
	 * Pin Confirmation
	 * Six ASCII digits; leading zeros count.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin_confirmation: string;
}
/**
 * PinChange
 * A new PIN, by the present one.
 */
export interface PinChange {
	/**
	 * Identifier
	 * Trimmed and upper-cased; then six to twelve letters or digits.
	 */
	identifier: string;
	/**
	 * Pin
	 * Six ASCII digits; leading zeros count.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	pin: string;
	/**
	 * New Pin
	 * Six ASCII digits; leading zeros count.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	new_pin: string;
	/**
	 * New Pin Confirmation
	 * Six ASCII digits; leading zeros count.
	 * @format password
	 * @pattern ^[0-9]{6}$
	 */
	new_pin_confirmation: string;
}
/**
 * Postcode
 * A postcode; two that differ in blanks, hyphens, case or accents alone are equal.
 *
 * Who types one need not say for which country, so one rule reads them all: the letters and digits count, in
 * capitals and without accents, and nothing else does. An empty one belongs to an address in a country that
 * has none.
 *
 * Attributes:
 *     text: as it was written, for the address of a letter.
 *     normalised: what is compared and hashed: ASCII letters and digits, sixteen at most.
 */
export interface Postcode {
	/** Text */
	text: string;
	/** Normalised */
	normalised: string;
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
 * The keys that verify access tokens.
 */
export interface PublicKeys {
	/** Keys */
	keys: PublicKey[];
}
/**
 * ResetTokenIssued
 * What a code is exchanged for.
 */
export interface ResetTokenIssued {
	/** Reset Token */
	reset_token: string;
	/**
	 * Expires In
	 * Seconds for which the token works.
	 */
	expires_in: number;
}
/**
 * Tokens
 * An access token (RFC 6749 §5.1); the refresh token comes as a cookie.
 */
export interface Tokens {
	/**
	 * Access Token
	 * A JWT as RFC 9068 profiles it, signed RS256.
	 */
	access_token: string;
	/** Token Type */
	token_type: "Bearer";
	/**
	 * Expires In
	 * Seconds until the access token expires.
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
 * Sign-in for the members of a health insurer. Errors are problem details (RFC 9457); sentences follow `Accept-Language` (`fr`, `en`), codes never change. An unknown path answers 404 `not-found`, another method 405 `method-not-allowed`.
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
		 * @summary Get a new access token for a session; its cookie is replaced
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
		 * @summary The public keys that verify access tokens
		 * @request GET:/.well-known/jwks.json
		 */
		signingKeys: (
			params?: RequestParams,
		) => Promise<HttpResponse<PublicKeys, Problem>>;
		/**
		 * No description
		 *
		 * @name Configuration
		 * @summary The issuer, and where its keys are
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
		 * @summary Ask for a one-time code by e-mail, or by letter
		 * @request POST:/reset
		 */
		requestCode: (
			data: CodeRequest,
			params?: RequestParams,
		) => Promise<HttpResponse<CodeSent, Problem>>;
		/**
		 * No description
		 *
		 * @name VerifyCode
		 * @summary Exchange a one-time code for a token that sets a PIN
		 * @request POST:/reset/verify
		 */
		verifyCode: (
			data: CodeVerification,
			params?: RequestParams,
		) => Promise<HttpResponse<ResetTokenIssued, Problem>>;
		/**
		 * No description
		 *
		 * @name SetPin
		 * @summary Set a PIN with the token; every session ends
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
		 * @summary Replace the PIN by another; every session ends
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
		 * @summary Find an identifier by social-security number, birth date and postcode
		 * @request POST:/identifier
		 */
		findIdentifier: (
			data: IdentityData,
			params?: RequestParams,
		) => Promise<HttpResponse<IdentifierDelivery, Problem>>;
		/**
		 * No description
		 *
		 * @name ShowIdentifier
		 * @summary Show the identifier for the last six characters of the IBAN
		 * @request POST:/identifier/iban
		 */
		showIdentifier: (
			data: IbanAnswer,
			params?: RequestParams,
		) => Promise<HttpResponse<IdentifierFound, Problem>>;
	};
}
export {};
