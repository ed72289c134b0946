/** Keeps the page in one language: French by default, English by a switch that the browser remembers. */

/** @import { LanguageCode, Notice, TextKey, Texts, Values } from "./types.js" */

import { keeping } from "./storage.js";

const KEY = "language";
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
	/** @type {LanguageCode} */
	let code = kept.read(KEY) === "en" ? "en" : "fr";
	/** @type {Record<string, Partial<Texts>>} */
	const texts = { fr: {}, en: {} };
	/** @type {Promise<void> | undefined} */
	let all;
	/** @type {WeakMap<Element, Values>} */
	const valuesOf = new WeakMap();
	/** @type {Set<() => void>} */
	const listeners = new Set();

	/**
	 * Return a sentence in the page's language, with its placeholders filled in.
	 *
	 * @param {TextKey} key
	 * @param {Values} [values]
	 */
	const text = (key, values = {}) =>
		(texts[code]?.[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => {
			const value = values[name] ?? "";
			return typeof value === "function" ? value() : value;
		});

	/** @param {HTMLElement} element an element whose `data-text` names its text. */
	const show = (element) => {
		const key = /** @type {TextKey} */ (element.dataset.text);
		element.textContent = text(key, valuesOf.get(element));
	};

	/** @param {ParentNode} within the part of the page to translate. */
	const translate = (within) => {
		const elements = /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("[data-text]"));
		for (const element of elements) show(element);
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

	await load(code);
	document.documentElement.lang = code;
	translate(document);
	return {
		get code() {
			return code;
		},
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
			if (typeof said === "string") {
				element.removeAttribute("lang");
				write(element, said);
				return;
			}
			delete element.dataset.text;
			element.lang = said.language;
			element.textContent = said.text;
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
		time: (instant) => new Intl.DateTimeFormat(LOCALES[code], { hour: "2-digit", minute: "2-digit" }).format(instant),
		/** @param {Date} day in UTC. */
		longDate: (day) => new Intl.DateTimeFormat(LOCALES[code], { dateStyle: "long", timeZone: "UTC" }).format(day),
	};
}
