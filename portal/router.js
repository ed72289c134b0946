/** One screen for every address behind the `#`, so that the back button and bookmarks work. */

import { find, fromTemplate, loadHtml } from "./dom.js";
import { equipPinFields } from "./pin-field.js";

/** Each screen is a file of HTML and, where it does something, a module. */
export const SCREENS = {
	"sign-in": () => import("./screens/sign-in.js"),
	"forgotten-pin": () => import("./screens/forgotten-pin.js"),
	code: () => import("./screens/code.js"),
	"letter-sent": () => import("./screens/letter-sent.js"),
	letter: () => import("./screens/letter.js"),
	"new-pin": () => import("./screens/new-pin.js"),
	"pin-set": undefined,
	"pin-disabled": undefined,
	"find-identifier": () => import("./screens/find-identifier.js"),
	"identifier-sent": () => import("./screens/identifier-sent.js"),
	iban: () => import("./screens/iban.js"),
	"identifier-found": () => import("./screens/identifier-found.js"),
	member: () => import("./screens/member.js"),
	"change-pin": () => import("./screens/change-pin.js"),
};
/** Screens that are fetched together: in between, a lost network would lose a secret that cannot be had again. */
const FOLLOWED_BY = { code: "new-pin", letter: "new-pin", "find-identifier": "iban", "new-pin": "pin-set" };

/**
 * Show the screen of the address, and from now on every other one that is gone to.
 *
 * @param {Omit<import("./types.js").App, "go">} given
 */
export function startRouter(given) {
	/** @type {import("./types.js").App} */
	const app = Object.assign(given, { go });
	const { language } = app;
	const main = find(document, "main");
	/** @type {Map<string, Promise<[import("./types.js").Screen, Node[], unknown]>>} */
	const loaded = new Map();
	let left = new AbortController();
	/** @type {import("./types.js").Notice | undefined} */
	let notice;
	let isFirst = true;

	/**
	 * @param {import("./types.js").ScreenName} screen
	 * @param {import("./types.js").GoOptions} [options]
	 */
	function go(screen, options = {}) {
		notice = options.notice;
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
		const said = notice;
		notice = undefined;
		try {
			const [screen, html] = await load(name);
			const detour = await screen.enter?.(app);
			if (signal.aborted) return;
			if (detour) go(detour.to, { ...detour, replace: true });
			else show(name, screen, html, said, signal);
		} catch (error) {
			if (signal.aborted) return;
			console.info(error);
			showUnreachable();
		}
	}

	/** @param {string} name */
	const load = (name) => {
		let both = loaded.get(name);
		if (!both) {
			const module = SCREENS[/** @type {keyof typeof SCREENS} */ (name)];
			const texts = name === "sign-in" ? undefined : language.all();
			both = Promise.all([module ? module() : {}, loadHtml(`screens/${name}.html`), texts]);
			both.catch(() => loaded.delete(name));
			loaded.set(name, both);
		}
		return both;
	};

	/**
	 * @param {string} name
	 * @param {import("./types.js").Screen} screen
	 * @param {Node[]} html
	 * @param {import("./types.js").Notice | undefined} said
	 * @param {AbortSignal} signal
	 */
	const show = (name, screen, html, said, signal) => {
		const view = document.createElement("div");
		view.append(...html.map((node) => document.importNode(node, true)));
		equipPinFields(view);
		language.translate(view);
		if (said) view.prepend(noticeBox(said));
		put(view, said ? ".notice" : "h1");
		screen.show?.({ app, view, signal });
		// Its failure is met when it is gone to.
		if (Object.hasOwn(FOLLOWED_BY, name)) load(FOLLOWED_BY[/** @type {"code"} */ (name)]).catch(() => {});
	};

	const showUnreachable = () => {
		const view = document.createElement("div");
		view.append(fromTemplate("unreachable"));
		language.translate(view);
		language.write(find(view, "[data-why]"), navigator.onLine ? "problem.no-answer" : "problem.offline");
		// A module that failed to load stays failed in some browsers until the page is loaded anew.
		find(view, "button").addEventListener("click", () => location.reload());
		put(view, "h1");
	};

	/**
	 * @param {HTMLElement} view
	 * @param {string} focused which part of it takes the focus.
	 */
	const put = (view, focused) => {
		main.replaceChildren(view);
		entitle();
		scrollTo(0, 0);
		// At the first screen the browser's own start of the page is the right place.
		if (!isFirst) find(view, focused).focus();
		isFirst = false;
	};

	/** @param {import("./types.js").Notice} said */
	const noticeBox = (said) => {
		const box = document.createElement("div");
		box.className = "notice";
		box.tabIndex = -1;
		const text = box.appendChild(document.createElement("p"));
		if (typeof said === "string") language.write(text, said);
		else {
			text.lang = said.language;
			text.textContent = said.detail;
		}
		return box;
	};

	const entitle = () => {
		document.title = `${find(main, "h1").textContent} – ${app.config.insurer}`;
	};

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
	return Object.hasOwn(SCREENS, name) ? name : "sign-in";
}
