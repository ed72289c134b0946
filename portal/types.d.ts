/** The types that the portal's modules exchange. No browser loads this file. */

import type { Api, CodeSent, Problem } from "./client/api.js";
import type { startLanguage } from "./language.js";
import type { createSession } from "./session.js";
import type first from "./texts/fr.js";
import type screens from "./texts/fr-screens.js";

export type { Problem };

/** The settings of a deployment: `config.json`. */
export interface Config {
  api_url: string;
  insurer: string;
  helpline: string;
  /** How many seconds a session lasts without a refresh. */
  session_idle_seconds: number;
  /** Where members go who have signed in, by language; if left out, to the demonstration of an area. */
  after_sign_in_url?: Record<LanguageCode, string>;
  /** Whether a member who has set a new PIN is signed in with it at once. */
  sign_in_after_reset?: boolean;
}

export type LanguageCode = "fr" | "en";
export type FirstTexts = Record<keyof typeof first, string>;
export type ScreenTexts = Record<keyof typeof screens, string>;
export type Texts = FirstTexts & ScreenTexts;
export type TextKey = keyof Texts;
/** The values of a text's placeholders; functions are called again after a change of language. */
export type Values = Record<string, string | (() => string)>;
export type Language = Awaited<ReturnType<typeof startLanguage>>;

export type Calls = Api;

/** What this tab keeps across a reload; every part may be missing. */
export interface Memory {
  /** The identifier typed last. */
  identifier?: string | undefined;
  /** The identifier that the browser remembers because its member asked for it; signing out leaves it. */
  rememberedIdentifier: string | undefined;
  /** The identifier that a form most likely asks for, or empty. */
  readonly likelyIdentifier: string;
  /** The code that was sent. */
  recovery?: Recovery | undefined;
  /** The code that a new browser is asked for. */
  confirmation?: Confirmation | undefined;
  /** The identifier that the member recovered. */
  foundIdentifier?: string | undefined;
  /** The masked address to which the identifier was sent. */
  maskedEmail?: string | undefined;
  /** What happened to the PIN. */
  outcome?: Outcome | undefined;
  /** The identifier with which sign-in is blocked. */
  blockedIdentifier?: string | undefined;
  /** The wait of an operation, unless it is over or concerns someone else. */
  wait: (operation: Operation, subject: string) => Wait | undefined;
  remember: (operation: Operation, wait: Wait) => void;
  /** Forget all of it: the next person at this computer reads nothing about the member. */
  forget: () => void;
}

export type Session = ReturnType<typeof createSession>;

/** A code that was requested. Instants are in milliseconds. */
export interface Recovery {
  identifier: string;
  /** The screen on which it was requested. */
  from: "forgotten-pin" | "first-visit";
  channel: "email" | "letter";
  expiresAt: number;
  /** When the member may request another one. */
  resendAt: number;
}

/** A code that was sent after a right PIN. */
export interface Confirmation extends CodeSent {
  identifier: string;
  /** When it was sent, in milliseconds. */
  at: number;
  /** Whether the browser is to remember the identifier. */
  remember: boolean;
}

/** A screen that reports what happened to a PIN, shown only to the member concerned. */
export type Outcome = "pin-set" | "pin-disabled";

/** The operations for which the API can impose a wait. */
export type Operation = "sign-in" | "confirm" | "reset" | "code" | "identifier" | "iban" | "change-pin";

/** A wait that the API imposed. */
export interface Wait {
  /** The identifier concerned, or empty for everyone who uses this browser. */
  subject: string;
  /** In milliseconds. */
  until: number;
  /** When it started, in milliseconds: setting the clock back does not lengthen it. */
  since: number;
  title: Notice;
  /** How many attempts are left after it. */
  tries?: Notice | undefined;
}

/** What the page says about a failure. */
export interface Alert {
  title: Notice;
  detail?: Notice;
  /** How many attempts are left. */
  tries?: Notice | undefined;
  /** Where else to go. */
  way?: Way | undefined;
  /** Sends the same request again. */
  retry?: () => void;
  /** Whether calling helps if it happens again. */
  mayCall?: boolean;
}

/** A link to another screen. */
export interface Way {
  to: ScreenName;
  text: TextKey;
}

/** What is wrong with a field. */
export interface FieldError {
  /** Of the input, or of the group of inputs. */
  id: string;
  said: Notice;
}

/** The limit that wrong attempts lead to: a wait, a blocked sign-in, the end of a code, the end of the day's attempts. */
export type Limit = "wait" | "block" | "code" | "day";

export type ProblemCode = Problem["code"];

/**
 * What the page does about a problem:
 * - `mark-fields`: show the errors beside the fields;
 * - `type-again`: clear the secret and ask for it again;
 * - `wait`: disable the form until the wait is over;
 * - `try-again`: offer a button that sends the same request again;
 * - `disabled`: show the screen that says that the PIN is disabled;
 * - `start-again`: restart the recovery;
 * - `sign-in`: return to the sign-in screen, because the session is over;
 * - `report`: show the number to call, because the member cannot fix it.
 */
export type Treatment =
  | "mark-fields"
  | "type-again"
  | "wait"
  | "try-again"
  | "disabled"
  | "start-again"
  | "sign-in"
  | "report";

/** The values typed, by field name, without the empty ones. */
export type FieldValues = Record<string, string>;

export interface FormOptions<Answer> {
  app: App;
  /** Aborted when the screen is left. */
  signal: AbortSignal;
  /** Makes the call. It may store the answer but must not change the screen. */
  send: (values: FieldValues) => Promise<Answer>;
  /** Runs next, unless the member has left the screen. */
  done: (answer: Answer, values: FieldValues) => void;
  /** The operation for which the API may impose a wait. */
  operation?: Operation;
  /** The identifier that a wait concerns; if left out, everyone who uses this browser. */
  subject?: (values: FieldValues) => string;
  /** The form cannot be sent before this instant, in milliseconds. */
  opensAt?: number;
  /** The text to show if no answer came, for a call that may still have succeeded. */
  unanswered?: TextKey;
  /** The field that alone can be wrong when the API rejects a secret, and what to say instead of the API's sentence. */
  wrong?: { field: string; text?: TextKey };
  /** The limit that wrong secrets lead to. */
  limit?: Limit;
  /** Where else to go after a wrong secret. */
  way?: Way;
  /** How the page says that the API imposes a wait, where the API's sentence does not fit. */
  waits?: { title: TextKey; remaining: TextKey; way: Way };
}

/** Secrets between two steps: in memory only, lost on reload. */
export interface Held {
  reset?: { token: string; identifier: string } | undefined;
  search?: { challenge: string; until: number } | undefined;
  /** What was typed to find an identifier, until the search ends. */
  identity?: FieldValues | undefined;
}

export type ScreenName =
  | "sign-in"
  | "confirm"
  | "forgotten-pin"
  | "first-visit"
  | "code"
  | "letter-sent"
  | "have-code"
  | "new-pin"
  | "pin-set"
  | "pin-disabled"
  | "find-identifier"
  | "identifier-sent"
  | "iban"
  | "identifier-found"
  | "member"
  | "change-pin"
  | "passkey-offer"
  | "passkeys"
  | "connections"
  | "not-me";

/** A text of the page, which follows its language, or a problem's own sentence. */
export type Notice = TextKey | { key: TextKey; values: Record<string, string> } | Heard;

/** A sentence of the API, in the language in which it came. */
export interface Heard {
  text: string;
  language: string;
}

export interface GoOptions {
  /** The step just finished cannot be repeated: the back button skips it. */
  replace?: boolean;
  /** Shown at the top of the screen. */
  notice?: Notice;
  /** How the notice looks; `information` if left out. */
  kind?: NoticeKind;
}

export type NoticeKind = "success" | "information" | "warning" | "error";

/** What the insurer says at the top of every page, such as an outage: `brand/notice.json`, empty if nothing. */
export interface Outage {
  level?: NoticeKind;
  fr?: string;
  en?: string;
}

/** Where to go instead, when a screen makes no sense now. */
export interface Detour {
  to: ScreenName;
  notice?: Notice;
  kind?: NoticeKind;
}

/** The objects passed to every screen. */
export interface App {
  config: Config;
  calls: Calls;
  language: Language;
  memory: Memory;
  session: Session;
  held: Held;
  go: (screen: ScreenName, options?: GoOptions) => void;
  /** Write the title of the page again, which says whether something is wrong. */
  entitle: () => void;
}

export interface Place {
  app: App;
  /** The screen's template, copied into the page. */
  view: HTMLElement;
  /** Aborted when the screen is left. */
  signal: AbortSignal;
}

export interface Screen {
  enter?: (app: App) => Detour | undefined | Promise<Detour | undefined>;
  show?: (place: Place) => void;
}
