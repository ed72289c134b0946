/**
 * Watches the session of a signed-in member: refreshes it while the member is active, announces its end otherwise
 * (WCAG 2.2 §2.2.1), and returns every tab to the sign-in screen when it is over.
 */

/** @import { App, Notice, Session } from "./types.js" */

import { sessionPlan } from "./client/session-plan.js";
import { countDown } from "./countdown.js";
import { find } from "./dom.js";
import { durationText } from "./durations.js";
import { sayWaiting, silence } from "./patience.js";
import { noticeOf } from "./problems.js";
import { REFRESHED_AT } from "./session.js";

const ACTIVITY = ["pointerdown", "keydown"];
/** The first retry comes while the API still repeats a lost answer to a refresh; later ones are rarer. */
const AFTER_FAILURES_MILLISECONDS = [3_000, 30_000];

/** @type {WeakSet<Session>} */
const watched = new WeakSet();

/** @param {App} app the app whose session to watch. */
export function watchSession(app) {
	const { language, memory, session } = app;
	if (watched.has(session)) return;
	watched.add(session);
	const dialog = find(document, "#session-ends", HTMLDialogElement);
	const remaining = find(dialog, "[data-remaining]");
	language.translate(dialog);
	const status = find(dialog, "[data-status]");
	let { identifier } = session;
	let activeAt = 0;
	let failures = 0;
	let shown = new AbortController();
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let timer;

	const look = () => {
		clearTimeout(timer);
		if (!session.isOpen) return;
		const { refreshedAt, tokenSeconds, idleSeconds } = session;
		const now = Date.now();
		const plan = sessionPlan(now, { refreshedAt, activeAt, tokenSeconds, idleSeconds });
		if (plan.action === "end") {
			void conclude();
			return;
		}
		if (plan.action === "warn") announce(plan.at);
		else close();
		if (plan.action === "refresh") void stay();
		else timer = setTimeout(look, plan.at - now);
	};

	/** @param {number} endsAt in milliseconds. */
	const announce = (endsAt) => {
		if (dialog.open) return;
		shown = new AbortController();
		silence(status);
		dialog.showModal();
		const tick = (/** @type {number} */ left) =>
			language.write(remaining, "session-ends.remaining", { time: () => durationText(left, language.locale) });
		countDown(endsAt, tick, look, shown.signal);
	};

	/** @param {Notice} why */
	const end = (why) => {
		if (session.isOpen) session.forget();
		app.go("sign-in", { replace: true, notice: why, kind: "warning" });
	};

	/** End the session, unless the API knows better: the clock may have jumped. */
	const conclude = async () => {
		try {
			if ((await session.refresh()) === false) end("member.ended");
		} catch (error) {
			noticeOf(error);
			end("member.ended");
		}
	};

	const close = () => {
		shown.abort();
		dialog.close();
	};

	/** @param {() => Promise<void>} call a call; if it fails, the dialog stays open. */
	const attempt = async (call) => {
		const stopSaying = sayWaiting(language, status);
		try {
			await call().finally(stopSaying);
		} catch (error) {
			language.say(status, noticeOf(error, "unreachable.no-answer"));
			clearTimeout(timer);
			timer = setTimeout(look, AFTER_FAILURES_MILLISECONDS[failures]);
			failures = AFTER_FAILURES_MILLISECONDS.length - 1;
		}
	};

	let staying = false;
	const stay = async () => {
		if (staying) return;
		staying = true;
		await attempt(async () => {
			if ((await session.refresh()) === false) end("member.ended");
		});
		staying = false;
	};

	const leave = () =>
		attempt(async () => {
			await session.signOut();
			end("member.signed-out");
		});

	find(dialog, "[data-stay]").addEventListener("click", () => void stay());
	find(dialog, "[data-leave]").addEventListener("click", () => void leave());
	// Escape shows that the member is there.
	dialog.addEventListener("cancel", (event) => {
		event.preventDefault();
		void stay();
	});
	// Browsers let a user close any dialog; reopen it while there is still a choice to make.
	dialog.addEventListener("close", () => {
		shown.abort();
		look();
	});
	for (const event of ACTIVITY) {
		addEventListener(event, () => {
			activeAt = Date.now();
			if (!dialog.open) look();
		});
	}
	addEventListener("storage", ({ key }) => {
		if (key !== REFRESHED_AT || !session.isOpen) return;
		if (session.refreshedAt) look();
		else end("member.signed-out");
	});
	// A page from the back/forward cache has missed what happened since, such as a sign-out in another tab.
	addEventListener("pageshow", ({ persisted }) => {
		if (!persisted || !session.isOpen) return;
		if (session.refreshedAt) void stay();
		else end("member.signed-out");
	});
	document.addEventListener("visibilitychange", () => {
		if (!document.hidden) look();
	});
	session.onChange(() => {
		failures = 0;
		close();
		if (identifier && !session.isOpen) {
			memory.forget();
			app.held = {};
		}
		// Another member signed in, in another tab: show that member here.
		if (identifier && session.isOpen && session.identifier !== identifier) app.go("member", { replace: true });
		identifier = session.identifier;
		look();
	});
	look();
}
