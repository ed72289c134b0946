/** Shows why a form could not be sent: marks rejected fields, counts down waits, offers a retry. It loads late. */

/** @import { FieldValues, FormOptions, Notice, Wait } from "./types.js" */

import { clearAlert, showAlert } from "./alert.js";
import { NoAnswerError, ProblemError } from "./client/api.js";
import { countDown } from "./countdown.js";
import { durationText } from "./durations.js";
import { clearFields, markFields, showSummary } from "./field-errors.js";
import { SECRETS } from "./fields.js";
import { Doubt, noticeOf, treatmentOf } from "./problems.js";
import { abortedWithAny } from "./signals.js";
import { triesLeft } from "./tries.js";

/**
 * @param {object} place
 * @param {HTMLFormElement} place.form
 * @param {HTMLElement} place.alerts an element with the role `alert`.
 * @param {HTMLElement} place.status
 * @param {FormOptions<any>} place.options
 * @param {() => void} place.submit
 * @param {() => void} place.hold disables the controls that cannot be used now, and enables the others.
 */
export function failuresOf({ form, alerts, status, options, submit, hold }) {
	const { app, signal, operation, subject = () => "", unanswered } = options;
	const { language, memory } = app;
	/** @type {AbortController | undefined} */
	let counting;

	const clear = () => {
		clearAlert(alerts);
		app.entitle();
	};

	/**
	 * @param {unknown} error
	 * @param {FieldValues} values
	 * @throws the error itself, if it does not come from a call.
	 */
	const show = (error, values) => {
		if (error instanceof NoAnswerError) {
			const detail = unanswered ?? noticeOf(error, form.querySelector("input") ? undefined : "unreachable.no-answer");
			showAlert(alerts, language, { title: "problem.title.no-answer", detail, retry: submit }).focus();
			return;
		}
		if (error instanceof Doubt) {
			showSummary(alerts, language, markFields(form, [error.about], language).marked);
			return;
		}
		if (!(error instanceof ProblemError)) throw error;
		const { problem } = error;
		const detail = noticeOf(error);
		const title = { text: problem.title, language: error.language };
		switch (treatmentOf(problem.code)) {
			case "mark-fields": {
				const errors = (problem.errors ?? []).map(({ pointer, detail: text }) => ({
					id: pointer.slice(1),
					said: { text, language: error.language },
				}));
				const { marked, left } = markFields(form, errors, language);
				if (left) showAlert(alerts, language, { title, detail }).focus();
				else showSummary(alerts, language, marked);
				break;
			}
			case "type-again":
				refuse(options.wrong?.text ?? detail, problem.tries_left);
				break;
			case "wait": {
				const since = Date.now();
				const until = since + (error.retryAfter ?? 60) * 1000;
				const wait = { title: options.waits?.title ?? detail, tries: triesLeft("block", problem.tries_left) };
				const remembered = { ...wait, subject: subject(values), since, until };
				if (operation) memory.remember(operation, remembered);
				emptySecret(form);
				waitOut(remembered);
				alerts.querySelector("p")?.parentElement?.focus();
				break;
			}
			case "try-again":
				showAlert(alerts, language, { title, detail, retry: submit }).focus();
				break;
			case "disabled":
				memory.outcome = "pin-disabled";
				memory.blockedIdentifier = subject(values);
				app.go("pin-disabled");
				break;
			case "start-again":
				app.held.reset = undefined;
				app.go("forgotten-pin", { replace: true, notice: detail });
				break;
			case "sign-in":
				app.session.forget();
				app.go("sign-in", { notice: detail });
				break;
			case "report":
				showAlert(alerts, language, { title, detail, mayCall: true }).focus();
				break;
		}
	};

	/**
	 * Ask for the secret again: at its field if that alone can be wrong, otherwise above the form.
	 *
	 * @param {Notice} said
	 * @param {number | undefined} left
	 */
	const refuse = (said, left) => {
		const { wrong, limit, way } = options;
		const tries = limit && triesLeft(limit, left);
		if (wrong) {
			const { marked } = markFields(form, [{ id: wrong.field, said }], language);
			for (const [input] of marked) input.value = "";
			showSummary(alerts, language, marked, tries);
			return;
		}
		showAlert(alerts, language, { title: said, tries, way });
		emptySecret(form)?.focus();
	};

	/** @param {Wait} wait */
	const waitOut = (wait) => {
		const box = showAlert(alerts, language, { title: wait.title, tries: wait.tries, way: options.waits?.way });
		app.entitle();
		const remaining = box.appendChild(document.createElement("p"));
		remaining.className = "countdown";
		remaining.setAttribute("role", "timer");
		const text = options.waits?.remaining ?? "wait.remaining";
		const stopped = new AbortController();
		counting = stopped;
		hold();
		const on = () => {
			const wasHere = alerts.contains(document.activeElement);
			counting = undefined;
			clear();
			hold();
			if (wasHere) firstInput(form)?.focus();
		};
		stopped.signal.addEventListener("abort", on);
		countDown(
			wait.until,
			(left) => language.write(remaining, text, { time: () => durationText(left, language.locale) }),
			() => {
				stopped.abort();
				language.write(status, "wait.over");
			},
			abortedWithAny(signal, stopped.signal),
		);
	};

	return {
		/** Whether a wait runs. */
		get areCounting() {
			return counting !== undefined;
		},
		/** Show nothing that went wrong before. */
		clear() {
			clear();
			clearFields(form);
		},
		show,
		/**
		 * Start or stop waiting.
		 *
		 * @param {Wait | undefined} wait the wait of the member whom the form now names.
		 */
		follow(wait) {
			if (wait && !counting) waitOut(wait);
			if (!wait && counting) counting.abort();
		},
	};
}

/** @param {HTMLFormElement} form */
function firstInput(form) {
	return /** @type {HTMLInputElement | null} */ (form.querySelector(SECRETS) ?? form.querySelector("input, button"));
}

/** @param {HTMLFormElement} form */
function emptySecret(form) {
	const secret = /** @type {HTMLInputElement | null} */ (form.querySelector(SECRETS));
	if (secret) secret.value = "";
	return secret;
}
