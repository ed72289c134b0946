/** The language of the page: French first, English by a switch that the browser remembers. */

import { keeping } from "./storage.js";

const KEY = "language";
const LOCALES = { fr: "fr-FR", en: "en-GB" };
const FIRST = { fr: () => import("./texts/fr.js"), en: () => import("./texts/en.js") };
const SCREENS = { fr: () => import("./texts/fr-screens.js"), en: () => import("./texts/en-screens.js") };

/**
 * Read the texts of the chosen language and keep the page in it.
 *
 * @throws {TypeError} the texts could not be loaded.
 */
export async function startLanguage() {
	const kept = keeping(() => localStorage);
	/** @type {import("./types.js").LanguageCode} */
	let code = kept.read(KEY) === "en" ? "en" : "fr";
	/** @type {Partial<import("./types.js").Texts>} */
	let texts = (await FIRST[code]()).default;
	/** @type {Promise<void> | undefined} */
	let all;
	/** @type {WeakMap<Element, import("./types.js").Values>} */
	const valuesOf = new WeakMap();
	/** @type {Set<() => void>} */
	const listeners = new Set();

	/**
	 * A sentence in the page's language, with its blanks filled in.
	 *
	 * @param {import("./types.js").TextKey} key
	 * @param {import("./types.js").Values} [values]
	 */
	const text = (key, values = {}) =>
		(texts[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => {
			const value = values[name] ?? "";
			return typeof value === "function" ? value() : value;
		});

	/** @param {HTMLElement} element one that says by `data-text` which text it shows. */
	const show = (element) => {
		const key = /** @type {import("./types.js").TextKey} */ (element.dataset.text);
		element.textContent = text(key, valuesOf.get(element));
	};

	/** @param {ParentNode} within the part of the page whose texts are to be shown. */
	const translate = (within) => {
		const elements = /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("[data-text]"));
		for (const element of elements) show(element);
	};

	/** @param {import("./types.js").LanguageCode} wanted */
	const load = async (wanted) => {
		const [first, screens] = await Promise.all([FIRST[wanted](), all ? SCREENS[wanted]() : undefined]);
		texts = { ...first.default, ...screens?.default };
	};

	document.documentElement.lang = code;
	translate(document);
	return {
		get code() {
			return code;
		},
		text,
		translate,
		/**
		 * Let an element show a text, now and after a change of language.
		 *
		 * @param {HTMLElement} element
		 * @param {import("./types.js").TextKey} key
		 * @param {import("./types.js").Values} [values]
		 */
		write(element, key, values = {}) {
			element.dataset.text = key;
			valuesOf.set(element, values);
			show(element);
		},
		/** @param {import("./types.js").LanguageCode} wanted */
		async use(wanted) {
			await load(wanted);
			code = wanted;
			kept.write(KEY, wanted);
			document.documentElement.lang = wanted;
			translate(document);
			for (const listener of listeners) listener();
		},
		/** The texts of every screen; the sign-in can do without. */
		all() {
			// Assigned before it loads: that is what makes it load all.
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
		/** @param {number} instant in milliseconds. */
		date: (instant) => new Intl.DateTimeFormat(LOCALES[code], { dateStyle: "long" }).format(instant),
	};
}
