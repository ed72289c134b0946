/**
 * Keeps the page in one language: the one that the address names (`?lang=en`) or that was chosen last, otherwise the first of the browser's languages that there is,
 * otherwise French.
 */

/** @import { Heard, LanguageCode, Notice, TextKey, Texts, Values } from "./types.js" */

import { find } from "./dom.js";
import { keeping } from "./storage.js";

const HELPLINE = "{helpline}";
const KEY = "language";
const BREAKABLE = /(e-mails?)/i;
const LOCALES = { fr: "fr-FR", en: "en-GB" };
const FIRST = { fr: () => import("./texts/fr.js"), en: () => import("./texts/en.js") };
const SCREENS = { fr: () => import("./texts/fr-screens.js"), en: () => import("./texts/en-screens.js") };

/**
 * Load the texts of the chosen language and keep the page in it.
 *
 * @throws {TypeError} the texts could not be loaded.
 */
export async function startLanguage() {
	const kept = keeping(() => localStorage);
	const chosen = new URLSearchParams(location.search).get("lang") ?? "";
	/** @type {LanguageCode} */
	let code = preferredLanguage([chosen, String(kept.read(KEY)), ...navigator.languages]);
	/** @type {Record<string, Partial<Texts>>} */
	const texts = { fr: {}, en: {} };
	/** @type {Promise<void> | undefined} */
	let all;
	/** @type {WeakMap<Element, Heard>} */
	const heard = new WeakMap();
	/** @type {WeakMap<Element, Values>} */
	const valuesOf = new WeakMap();
	/** @type {Set<() => void>} */
	const listeners = new Set();

	/**
	 * Fill in the placeholders of a sentence.
	 *
	 * @param {string} sentence
	 * @param {Values} [values]
	 */
	const filled = (sentence, values = {}) =>
		sentence.replace(/\{(\w+)\}/g, (_, name) => {
			const value = values[name] ?? "";
			return typeof value === "function" ? value() : value;
		});

	/**
	 * Return a sentence in the page's language, with its placeholders filled in.
	 *
	 * @param {TextKey} key
	 * @param {Values} [values]
	 */
	const text = (key, values) => filled(texts[code]?.[key] ?? "", values);

	/**
	 * Show a sentence; the helpline in it is the link that the page has from the start.
	 *
	 * @param {HTMLElement} element an element whose `data-text` names its text.
	 */
	const show = (element) => {
		const key = /** @type {TextKey} */ (element.dataset.text);
		const [first = "", ...others] = (texts[code]?.[key] ?? "").split(HELPLINE);
		const values = valuesOf.get(element);
		const telephone = () => find(document, "[data-telephone]").cloneNode(true);
		const said = others.flatMap((part) => [telephone(), ...unbroken(filled(part, values))]);
		element.replaceChildren(...unbroken(filled(first, values)), ...said);
	};

	/** @param {ParentNode} within the part of the page to translate. */
	const translate = (within) => {
		const elements = /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("[data-text]"));
		for (const element of elements) show(element);
		const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (within.querySelectorAll("a[data-href-fr]"));
		for (const link of links) link.href = (code === "fr" ? link.dataset.hrefFr : link.dataset.hrefEn) ?? link.href;
	};

	/** @param {LanguageCode} wanted */
	const load = async (wanted) => {
		const [first, screens] = await Promise.all([FIRST[wanted](), all && SCREENS[wanted]()]);
		texts[wanted] = { ...texts[wanted], ...first.default, ...screens?.default };
	};

	/**
	 * @param {HTMLElement} element
	 * @param {TextKey} key
	 * @param {Values} [values]
	 */
	const write = (element, key, values = {}) => {
		element.dataset.text = key;
		valuesOf.set(element, values);
		show(element);
	};

	/**
	 * Say a sentence of the API as it came, and in the page's language as soon as that is loaded.
	 *
	 * @param {HTMLElement} element
	 * @param {Heard} said
	 */
	const quote = async (element, said) => {
		heard.set(element, said);
		element.dataset.heard = "";
		element.lang = said.language;
		element.textContent = said.text;
		if (said.language === code) return;
		const sentences = await import("./api-sentences.js").catch(() => undefined);
		const text = sentences?.sentenceIn(said.text, code, LOCALES[code]);
		if (!text || heard.get(element) !== said || said.language === code) return;
		element.lang = code;
		element.textContent = text;
	};

	await load(code);
	document.documentElement.lang = code;
	translate(document);
	return {
		get code() {
			return code;
		},
		/** The BCP 47 tag for numbers and dates. */
		get locale() {
			return LOCALES[code];
		},
		text,
		translate,
		/** Show a text in an element, now and after a change of language. */
		write,
		/**
		 * Show a text of the page, or a sentence from the API, in an element.
		 *
		 * @param {HTMLElement} element
		 * @param {Notice} said
		 */
		say(element, said) {
			if (typeof said === "string" || "key" in said) {
				heard.delete(element);
				delete element.dataset.heard;
				element.removeAttribute("lang");
				if (typeof said === "string") write(element, said);
				else write(element, said.key, said.values);
				return;
			}
			delete element.dataset.text;
			void quote(element, said);
		},
		/** @param {LanguageCode} wanted */
		async use(wanted) {
			const before = all;
			await load(wanted);
			// A screen opened during the loading needs its texts too.
			if (all !== before) await load(wanted);
			code = wanted;
			kept.write(KEY, wanted);
			document.documentElement.lang = wanted;
			translate(document);
			const quoted = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-heard]"));
			for (const element of quoted) void quote(element, /** @type {Heard} */ (heard.get(element)));
			for (const listener of listeners) listener();
		},
		/** Load the texts of every screen; the sign-in screen does not need them. */
		all() {
			// Assign before loading: once `all` is set, `load` fetches the texts of every screen.
			all ??= Promise.resolve()
				.then(() => load(code))
				.catch((error) => {
					all = undefined;
					throw error;
				});
			return all;
		},
		/** @param {() => void} listener called after a change of language. */
		onChange: (listener) => void listeners.add(listener),
		/** @param {number} instant in milliseconds. */
		time: (instant) => timeText(instant, code),
		/** @param {Date} day in UTC. */
		longDate: (day) => new Intl.DateTimeFormat(LOCALES[code], { dateStyle: "long", timeZone: "UTC" }).format(day),
	};
}

/**
 * @param {readonly string[]} wanted BCP 47 tags, the preferred one first.
 * @returns {LanguageCode} the first one that there is, otherwise French.
 */
export function preferredLanguage(wanted) {
	const codes = wanted.map((tag) => tag.toLowerCase().split("-")[0]);
	return codes.find((code) => code === "en" || code === "fr") === "en" ? "en" : "fr";
}

/**
 * @param {number} instant in milliseconds.
 * @param {LanguageCode} code
 * @returns {string} the time of day, as the e-mails write it: `15 h 04` in French, `15:04` in English.
 */
function timeText(instant, code) {
	const parts = new Intl.DateTimeFormat(LOCALES[code], { hour: "2-digit", minute: "2-digit" }).format(instant);
	return code === "fr" ? parts.replace(":", "\u00a0h\u00a0") : parts;
}

/**
 * Keep words in one piece that browsers break at a hyphen.
 *
 * @param {string} text
 * @returns {(string | HTMLElement)[]} the text, with each such word in an element that does not wrap.
 */
function unbroken(text) {
	return text.split(BREAKABLE).map((part) => {
		if (!BREAKABLE.test(part)) return part;
		const word = document.createElement("span");
		word.className = "unbroken";
		word.textContent = part;
		return word;
	});
}
