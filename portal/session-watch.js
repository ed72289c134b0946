/**
 * Watches over a session while a member is signed in: refreshes it for who is active, announces its end to who is not
 * (WCAG 2.2 §2.2.1), and leads to the sign-in when it is over, in every tab.
 */

/** @import { App, Notice, Session } from "./types.js" */

import { countDown } from "./countdown.js";
import { find } from "./dom.js";
import { sayWaiting, silence } from "./patience.js";
import { noticeOf } from "./problems.js";
import { REFRESHED_AT } from "./session.js";
import { sessionPlan } from "./session-plan.js";

const ACTIVITY = ["pointerdown", "keydown"];
/** The first try again comes while the API still answers a refresh whose answer was lost; later ones spare it. */
const AFTER_FAILURES_MILLISECONDS = [3_000, 30_000];

/** @type {WeakSet<Session>} */
const watched = new WeakSet();

/** @param {App} app whose session is watched from now on. */
export function watchSession(app) {
	const { language, session } = app;
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
			end("member.ended");
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
		const tick = (/** @type {string} */ time) => language.write(remaining, "session-ends.remaining", { time });
		countDown(endsAt, tick, look, shown.signal);
	};

	/** @param {Notice} why */
	const end = (why) => {
		if (session.isOpen) session.forget();
		app.go("sign-in", { replace: true, notice: why });
	};

	const close = () => {
		shown.abort();
		dialog.close();
	};

	/** @param {() => Promise<void>} call whose failure leaves the dialog and its choice. */
	const attempt = async (call) => {
		const stopSaying = sayWaiting(language, status);
		try {
			await call().finally(stopSaying);
		} catch (error) {
			language.say(status, noticeOf(error));
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
	// Escape is a sign of life too.
	dialog.addEventListener("cancel", (event) => {
		event.preventDefault();
		void stay();
	});
	// A browser lets no page hold a dialog for ever; while there is a choice to make, it comes back.
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
	session.onChange(() => {
		failures = 0;
		close();
		// Another member signed in, in another tab: this one shows them.
		if (identifier && session.isOpen && session.identifier !== identifier) app.go("member", { replace: true });
		identifier = session.identifier;
		look();
	});
	look();
}
