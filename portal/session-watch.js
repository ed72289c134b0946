/**
 * Watches over a session while a member is signed in: refreshes it for who is active, announces its end to who is not
 * (WCAG 2.2 §2.2.1), and leads to the sign-in when it is over, in every tab.
 */

import { NoAnswer, Refused } from "./calls.js";
import { clockText, countDown } from "./countdown.js";
import { find } from "./dom.js";
import { REFRESHED_AT } from "./session.js";
import { sessionPlan } from "./session-plan.js";

const ACTIVITY = ["pointerdown", "keydown"];
const AFTER_A_FAILURE_MILLISECONDS = 30_000;

/** @type {WeakSet<import("./types.js").Session>} */
const watched = new WeakSet();

/** @param {import("./types.js").App} app whose session is watched from now on. */
export function watchSession(app) {
	const { language, session } = app;
	if (watched.has(session)) return;
	watched.add(session);
	const dialog = find(document, "#session-ends", HTMLDialogElement);
	const remaining = find(dialog, "[data-remaining]");
	language.translate(dialog);
	let activeAt = Date.now();
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
		else silence();
		if (plan.action === "refresh") void stay();
		timer = setTimeout(look, plan.action === "refresh" ? AFTER_A_FAILURE_MILLISECONDS : plan.at - now);
	};

	/** @param {number} endsAt in milliseconds. */
	const announce = (endsAt) => {
		if (dialog.open) return;
		shown = new AbortController();
		dialog.showModal();
		const time = () => clockText(endsAt - Date.now());
		countDown(endsAt, () => language.write(remaining, "session-ends.remaining", { time }), look, shown.signal);
	};

	/** @param {import("./types.js").Notice} why */
	const end = (why) => {
		if (session.isOpen) session.forget();
		app.go("sign-in", { replace: true, notice: why });
	};

	const silence = () => {
		shown.abort();
		dialog.close();
	};

	const stay = async () => {
		try {
			if (!(await session.refresh())) end("member.ended");
		} catch (error) {
			// The announcement stays, and so does its button: the next press asks again.
			if (!(error instanceof NoAnswer || error instanceof Refused)) throw error;
			language.write(remaining, "problem.no-answer");
		}
	};

	const leave = async () => {
		try {
			await session.signOut();
			end("member.signed-out");
		} catch (error) {
			if (!(error instanceof NoAnswer || error instanceof Refused)) throw error;
			language.write(remaining, "problem.no-answer");
		}
	};

	find(dialog, "[data-stay]").addEventListener("click", () => void stay());
	find(dialog, "[data-leave]").addEventListener("click", () => void leave());
	// Escape is a sign of life too.
	dialog.addEventListener("cancel", (event) => {
		event.preventDefault();
		void stay();
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
		silence();
		look();
	});
	look();
}
