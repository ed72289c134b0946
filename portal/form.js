/** Submits forms once at a time, marks rejected fields, counts down waits and offers a retry if the network fails. */

/** @import { FieldValues, FormOptions, Notice, Wait } from "./types.js" */

import { clearAlert, showAlert } from "./alert.js";
import { NoAnswerError, ProblemError } from "./client/api.js";
import { countDown } from "./countdown.js";
import { withAsciiDigits } from "./digits.js";
import { find } from "./dom.js";
import { clearFields, markFields, showSummary } from "./field-errors.js";
import { equipNumberFields } from "./number-fields.js";
import { sayWaiting, silence } from "./patience.js";
import { Doubt, noticeOf, treatmentOf } from "./problems.js";
import { abortedWithAny } from "./signals.js";
import { triesLeft } from "./tries.js";

/** The fields that a member fills in again after a wrong guess. */
const SECRETS = "[data-pin] input, .digits";
const OFF_WHILE_WAITING = `button, ${SECRETS}`;

/**
 * @template Answer
 * @param {HTMLFormElement} form
 * @param {FormOptions<Answer>} options
 */
export function setUpForm(form, options) {
	const { app, signal, send, done, operation, subject = () => "", opensAt = 0, unanswered } = options;
	const { language, memory } = app;
	const alerts = placeForAlerts(form);
	const status = form.appendChild(document.createElement("p"));
	status.setAttribute("role", "status");
	status.className = "status";
	let busy = false;
	/** @type {AbortController | undefined} */
	let counting;

	const submit = async () => {
		if (busy || counting) return;
		const button = find(form, "button:not([type])");
		busy = true;
		if (alerts.contains(document.activeElement)) button.focus();
		clear();
		clearFields(form);
		markBusy(button, true);
		const stopSaying = sayWaiting(language, status);
		const values = valuesOf(form);
		try {
			const answer = await send(values).finally(stopSaying);
			if (!signal.aborted) done(answer, values);
		} catch (error) {
			if (!signal.aborted) fail(error, values);
			else if (!(error instanceof ProblemError || error instanceof NoAnswerError)) throw error;
		} finally {
			busy = false;
			markBusy(button, false);
			app.entitle();
		}
	};

	const clear = () => {
		clearAlert(alerts);
		app.entitle();
	};

	/**
	 * @param {unknown} error
	 * @param {FieldValues} values
	 */
	const fail = (error, values) => {
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

	/** Disable the controls that cannot be used now, and enable the others. */
	const hold = () => {
		const controls = /** @type {NodeListOf<HTMLButtonElement | HTMLInputElement>} */ (
			form.querySelectorAll(OFF_WHILE_WAITING)
		);
		for (const control of controls) control.disabled = counting !== undefined || Date.now() < opensAt;
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
			(left) => language.write(remaining, text, { time: () => language.duration(left) }),
			() => {
				stopped.abort();
				language.write(status, "wait.over");
			},
			abortedWithAny(signal, stopped.signal),
		);
	};

	/** Start or stop waiting, depending on the member whom the form now names. */
	const look = () => {
		const wait = operation && memory.wait(operation, subject(valuesOf(form)));
		if (wait && !counting) waitOut(wait);
		if (!wait && counting) counting.abort();
	};

	equipNumberFields(form, language);
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		void submit();
	});
	form.addEventListener("input", () => {
		if (status.dataset.text === "wait.over") silence(status);
		look();
	});
	look();
	hold();
	return { hold };
}

/**
 * Put the errors of a screen's main form at its top, those of another form above it.
 *
 * @param {HTMLFormElement} form
 * @returns {HTMLElement}
 */
function placeForAlerts(form) {
	const place = document.createElement("div");
	place.setAttribute("role", "alert");
	const view = form.closest("main > div");
	if (view && !form.closest("details")) view.prepend(place);
	else form.before(place);
	return place;
}

/**
 * @param {HTMLElement} button
 * @param {boolean} busy
 */
function markBusy(button, busy) {
	for (const name of ["aria-busy", "aria-disabled"]) {
		if (busy) button.setAttribute(name, "true");
		else button.removeAttribute(name);
	}
}

/** @param {HTMLFormElement} form */
function valuesOf(form) {
	/** @type {FieldValues} */
	const values = {};
	for (const input of form.querySelectorAll("input")) {
		const value = input.type === "checkbox" ? String(input.checked) : withAsciiDigits(input.value.trim());
		if (value) values[input.name] = value;
	}
	return values;
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
