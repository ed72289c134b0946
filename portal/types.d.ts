/** What the modules of the portal hand one another. Types alone: no browser loads this file. */

import type { Api, Problem } from "./client/api.js";
import type { createCalls } from "./calls.js";
import type { startLanguage } from "./language.js";
import type { SCREENS } from "./router.js";
import type { createSession } from "./session.js";
import type first from "./texts/fr.js";
import type screens from "./texts/fr-screens.js";

export type { Api, Problem };

/** What a deployment says: `config.json`. */
export interface Config {
  api_url: string;
  insurer: string;
  helpline: string;
  /** After so many seconds without a refresh the API ends a session. */
  session_idle_seconds: number;
}

export type LanguageCode = "fr" | "en";
export type FirstTexts = Record<keyof typeof first, string>;
export type ScreenTexts = Record<keyof typeof screens, string>;
export type Texts = FirstTexts & ScreenTexts;
export type TextKey = keyof Texts;
/** What fills the blanks of a text; functions are asked anew for another language. */
export type Values = Record<string, string | (() => string)>;
export type Language = Awaited<ReturnType<typeof startLanguage>>;

export type Calls = ReturnType<typeof createCalls>;

/** What survives a reload in this tab; each may be lacking. */
export interface Memory {
  /** The identifier that was typed last. */
  identifier?: string | undefined;
  /** The code that is on its way. */
  recovery?: Recovery | undefined;
  /** The identifier that was found again. */
  foundIdentifier?: string | undefined;
  /** The masked address that an identifier was sent to. */
  maskedEmail?: string | undefined;
  /** What has become of the PIN. */
  outcome?: Outcome | undefined;
  /** The wait of an operation, unless it is over or for somebody else. */
  wait: (operation: Operation, subject: string) => Wait | undefined;
  remember: (operation: Operation, wait: Wait) => void;
}

export type Session = ReturnType<typeof createSession>;

/** A code that was asked for. Instants are in milliseconds. */
export interface Recovery {
  identifier: string;
  channel: "email" | "letter";
  expiresAt: number;
  /** When another one may be asked for. */
  resendAt: number;
}

/** A screen that says what has happened, and is for nobody whom it has not happened to. */
export type Outcome = "pin-set" | "pin-disabled";

/** What the API can ask to wait with. */
export type Operation = "sign-in" | "reset" | "code" | "identifier" | "iban" | "change-pin";

/** A wait that the API asked for. */
export interface Wait {
  /** Whom it is for, or empty for everybody at this browser. */
  subject: string;
  /** In milliseconds. */
  until: number;
  /** When it began, in milliseconds: a clock that was set back since makes it no longer. */
  since: number;
  title: Notice;
  detail: Notice;
}

/** What the page says about a failure. */
export interface Alert {
  title: Notice;
  detail: Notice;
  /** Sends the same again. */
  retry?: () => void;
  /** The telephone number to call if it happens again. */
  call?: string;
}

export type ProblemCode = Problem["code"];

/**
 * What the page does about a problem:
 * - `mark-fields`: the fields that are named say what is wrong with them;
 * - `type-again`: the secret that was typed is emptied and asked for again;
 * - `wait`: the form is off until the wait is over;
 * - `try-again`: a button sends the same again;
 * - `disabled`: the PIN works no more, and a screen says so;
 * - `start-again`: the recovery begins anew;
 * - `sign-in`: the session is over;
 * - `report`: a member can mend nothing, and is told whom to call.
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

/** What was typed, by name of field; what is empty is left out. */
export type FieldValues = Record<string, string>;

export interface FormOptions<Answer> {
  app: App;
  /** Aborted when the screen is left. */
  signal: AbortSignal;
  /** The call; it may keep what came, and goes nowhere. */
  send: (values: FieldValues) => Promise<Answer>;
  /** What comes next, unless the screen was left meanwhile. */
  done: (answer: Answer, values: FieldValues) => void;
  /** What the API may ask to wait with. */
  operation?: Operation;
  /** Whom a wait is for; everybody at this browser if left out. */
  subject?: (values: FieldValues) => string;
  /** Before this instant, in milliseconds, nothing can be sent. */
  opensAt?: number;
  /** Said when no answer came, where the call may have worked all the same. */
  unanswered?: TextKey;
}

/** Secrets between two steps: in memory alone, and gone after a reload. */
export interface Held {
  reset?: { token: string; identifier: string } | undefined;
  search?: { challenge: string; until: number } | undefined;
}

export type ScreenName = (typeof SCREENS)[number];
/** A text of the page, which follows its language, or a problem's own words. */
export type Notice = TextKey | { text: string; language: string };

export interface GoOptions {
  /** The step that is left cannot be done again: the back button passes over it. */
  replace?: boolean;
  /** Said at the top of the screen. */
  notice?: Notice;
}

/** Where to go instead of a screen that makes no sense now. */
export interface Detour {
  to: ScreenName;
  notice?: Notice;
}

/** What every screen is given. */
export interface App {
  config: Config;
  calls: Calls;
  language: Language;
  memory: Memory;
  session: Session;
  held: Held;
  go: (screen: ScreenName, options?: GoOptions) => void;
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

/** Instants in milliseconds, lengths in seconds. */
export interface SessionTimes {
  /** When the API last heard of the session. */
  refreshedAt: number;
  /** When the member last did something. */
  activeAt: number;
  /** How long the access token works. */
  tokenSeconds: number;
  /** After how long without a refresh the API ends the session. */
  idleSeconds: number;
}

export interface SessionPlan {
  action: "wait" | "refresh" | "warn" | "end";
  /** When to look again, in milliseconds. */
  at: number;
}
