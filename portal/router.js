/** Shows one screen for each address after the `#`, so that the back button and bookmarks work. */

/** @import { App, GoOptions, Notice, Screen, ScreenName } from "./types.js" */

import { NoAnswerError } from "./client/api.js";
import { find, fromTemplate, loadHtml } from "./dom.js";
import { noticeBox } from "./notice.js";
import { sayWaiting } from "./patience.js";
import { equipPinFields } from "./pin-field.js";
import { noticeOf } from "./problems.js";

/**
 * Every screen has a module and HTML; the page holds that of the first screen. Publishing gives the files other names:
 * it finds them because each is written out here.
 *
 * @type {Record<ScreenName, [() => Promise<Screen>, () => Promise<Node[]>]>}
 */
const SCREENS = {
	"sign-in": [() => import("./screens/sign-in.js"), async () => [...fromTemplate("sign-in").childNodes]],
	confirm: [() => import("./screens/confirm.js"), () => loadHtml("screens/confirm.html")],
	"forgotten-pin": [() => import("./screens/forgotten-pin.js"), () => loadHtml("screens/forgotten-pin.html")],
	"first-visit": [() => import("./screens/first-visit.js"), () => loadHtml("screens/first-visit.html")],
	code: [() => import("./screens/code.js"), () => loadHtml("screens/code.html")],
	"letter-sent": [() => import("./screens/letter-sent.js"), () => loadHtml("screens/letter-sent.html")],
	"have-code": [() => import("./screens/have-code.js"), () => loadHtml("screens/have-code.html")],
	"new-pin": [() => import("./screens/new-pin.js"), () => loadHtml("screens/new-pin.html")],
	"pin-set": [() => import("./screens/pin-set.js"), () => loadHtml("screens/pin-set.html")],
	"pin-disabled": [() => import("./screens/pin-disabled.js"), () => loadHtml("screens/pin-disabled.html")],
	"find-identifier": [() => import("./screens/find-identifier.js"), () => loadHtml("screens/find-identifier.html")],
	"identifier-sent": [() => import("./screens/identifier-sent.js"), () => loadHtml("screens/identifier-sent.html")],
	iban: [() => import("./screens/iban.js"), () => loadHtml("screens/iban.html")],
	"identifier-found": [() => import("./screens/identifier-found.js"), () => loadHtml("screens/identifier-found.html")],
	member: [() => import("./screens/member.js"), () => loadHtml("screens/member.html")],
	"change-pin": [() => import("./screens/change-pin.js"), () => loadHtml("screens/change-pin.html")],
	"passkey-offer": [() => import("./screens/passkey-offer.js"), () => loadHtml("screens/passkey-offer.html")],
	passkeys: [() => import("./screens/passkeys.js"), () => loadHtml("screens/passkeys.html")],
	connections: [() => import("./screens/connections.js"), () => loadHtml("screens/connections.html")],
	"not-me": [() => import("./screens/not-me.js"), () => loadHtml("screens/not-me.html")],
};

/**
 * Screens that load together: a network failure between them would lose a secret that cannot be issued again.
 *
 * @type {Map<ScreenName, ScreenName>}
 */
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
			else await show(screen, html, said, signal);
		} catch (error) {
			if (!signal.aborted) showUnreachable(noticeOf(error, "unreachable.no-answer"));
		} finally {
			// Leave the messages of the next screen alone.
			if (!signal.aborted) stopSaying();
		}
	}

	/**
	 * @param {ScreenName} name
	 * @returns {Promise<Loaded>}
	 * @throws {NoAnswerError} a part of the screen did not load.
	 */
	const load = (name) => {
		const before = loaded.get(name);
		if (before) return before;
		const following = FOLLOWED_BY.get(name);
		const [loadModule, findHtml] = SCREENS[name];
		const parts = Promise.all([
			loadModule(),
			findHtml(),
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
	const show = async (screen, html, said, signal) => {
		const view = document.createElement("div");
		view.append(...html.map((node) => document.importNode(node, true)));
		await equipPinFields(view, language);
		if (signal.aborted) return;
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
 * @returns {ScreenName}
 */
function screenOf(hash) {
	const name = hash.replace(/^#\/?/, "");
	return Object.hasOwn(SCREENS, name) ? /** @type {ScreenName} */ (name) : "sign-in";
}
