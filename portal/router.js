/** Shows one screen for each address after the `#`, so that the back button and bookmarks work. */

/** @import { App, GoOptions, Notice, Screen, ScreenName } from "./types.js" */

import { NoAnswerError } from "./client/api.js";
import { find, fromTemplate, loadHtml } from "./dom.js";
import { noticeBox } from "./notice.js";
import { sayWaiting } from "./patience.js";
import { equipPinFields } from "./pin-field.js";
import { noticeOf } from "./problems.js";

/** Every screen has an HTML file and a module. */
export const SCREENS = /** @type {const} */ ([
	"sign-in",
	"forgotten-pin",
	"first-visit",
	"code",
	"letter-sent",
	"have-code",
	"new-pin",
	"pin-set",
	"pin-disabled",
	"find-identifier",
	"identifier-sent",
	"iban",
	"identifier-found",
	"member",
	"change-pin",
]);
/** Screens that load together: a network failure between them would lose a secret that cannot be issued again. */
const FOLLOWED_BY = new Map([
	["code", "new-pin"],
	["have-code", "new-pin"],
	["find-identifier", "iban"],
	["new-pin", "pin-set"],
]);
const LOADED_WITHIN_MILLISECONDS = 30_000;
const WORTH_SAYING_AFTER_MILLISECONDS = 1000;

/**
 * Show the screen of the current address, and follow every later change of address.
 *
 * @param {Omit<App, "go" | "entitle">} given
 */
export function startRouter(given) {
	/** @type {App} */
	const app = Object.assign(given, { go, entitle });
	const { language } = app;
	const main = find(document, "main");
	const status = find(document, "[data-page-status]");
	/** @typedef {[Screen, Node[], unknown, unknown]} Loaded */
	/** @type {Map<string, Promise<Loaded>>} */
	const loaded = new Map();
	let left = new AbortController();
	/** @typedef {Pick<GoOptions, "notice" | "kind">} Said */
	/** @type {Said} */
	let next = {};
	let isFirst = true;

	/**
	 * @param {ScreenName} screen
	 * @param {GoOptions} [options]
	 */
	function go(screen, options = {}) {
		next = options;
		const address = screen === "sign-in" ? "#/" : `#/${screen}`;
		if (location.hash === address) void open();
		else if (options.replace) {
			history.replaceState(null, "", address);
			void open();
		} else location.hash = address;
	}

	async function open() {
		left.abort();
		left = new AbortController();
		const { signal } = left;
		const name = screenOf(location.hash);
		const said = next;
		next = {};
		const stopSaying = sayWaiting(language, status, WORTH_SAYING_AFTER_MILLISECONDS);
		signal.addEventListener("abort", stopSaying);
		try {
			const [screen, html] = await load(name);
			const detour = await screen.enter?.(app);
			if (signal.aborted) return;
			if (detour) go(detour.to, { ...detour, replace: true });
			else show(screen, html, said, signal);
		} catch (error) {
			if (!signal.aborted) showUnreachable(noticeOf(error, "unreachable.no-answer"));
		} finally {
			// Leave the messages of the next screen alone.
			if (!signal.aborted) stopSaying();
		}
	}

	/**
	 * @param {string} name
	 * @returns {Promise<Loaded>}
	 * @throws {NoAnswerError} a part of the screen did not load.
	 */
	const load = (name) => {
		const before = loaded.get(name);
		if (before) return before;
		const following = FOLLOWED_BY.get(name);
		const parts = Promise.all([
			import(`./screens/${name}.js`),
			loadHtml(`screens/${name}.html`),
			name === "sign-in" ? undefined : language.all(),
			following && load(following),
		]);
		const late = new Promise((_, reject) => setTimeout(reject, LOADED_WITHIN_MILLISECONDS));
		const all = Promise.race([parts, late]).catch(() => {
			loaded.delete(name);
			throw new NoAnswerError();
		});
		loaded.set(name, /** @type {Promise<Loaded>} */ (all));
		return /** @type {Promise<Loaded>} */ (all);
	};

	/**
	 * @param {Screen} screen
	 * @param {Node[]} html
	 * @param {Said} said
	 * @param {AbortSignal} signal
	 */
	const show = (screen, html, said, signal) => {
		const view = document.createElement("div");
		view.append(...html.map((node) => document.importNode(node, true)));
		equipPinFields(view, language);
		language.translate(view);
		if (said.notice) view.prepend(noticeBox(language, said.notice, said.kind));
		put(view, said.notice ? ".notice" : "h1");
		screen.show?.({ app, view, signal });
	};

	/** @param {Notice} why */
	const showUnreachable = (why) => {
		const view = document.createElement("div");
		view.append(fromTemplate("unreachable"));
		language.translate(view);
		language.say(find(view, "[data-why]"), why);
		// In some browsers a module that failed to load stays failed until the page is reloaded.
		find(view, "button").addEventListener("click", () => location.reload());
		put(view, "h1");
	};

	/**
	 * @param {HTMLElement} view
	 * @param {string} focused a selector of the part that takes the focus.
	 */
	const put = (view, focused) => {
		main.replaceChildren(view);
		entitle();
		scrollTo(0, 0);
		// Leave the focus at the start of the page on the first screen.
		if (!isFirst) find(view, focused).focus();
		isFirst = false;
	};

	function entitle() {
		const failed = main.querySelector(".alert, .error-summary") ? language.text("errors.prefix") : "";
		document.title = `${failed}${find(main, "h1").textContent} – ${app.config.insurer}`;
	}

	addEventListener("hashchange", () => void open());
	language.onChange(entitle);
	void open();
}

/**
 * @param {string} hash
 * @returns {string}
 */
function screenOf(hash) {
	const name = hash.replace(/^#\/?/, "");
	return SCREENS.find((screen) => screen === name) ?? "sign-in";
}
