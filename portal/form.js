/** Submits forms once at a time, marks rejected fields, counts down waits and offers a retry if the network fails. */

/** @import { FieldValues, FormOptions, Wait } from "./types.js" */

import { clearAlert, showAlert } from "./alert.js";
import { countDown } from "./countdown.js";
import { find } from "./dom.js";
import { sayWaiting, silence } from "./patience.js";
import { NoAnswer, noticeOf, Refused, treatmentOf } from "./problems.js";

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
	const alerts = form.insertAdjacentElement("beforebegin", document.createElement("div"));
	const status = form.appendChild(document.createElement("p"));
	if (!(alerts instanceof HTMLElement)) throw new TypeError("the form is not in the page");
	alerts.setAttribute("role", "alert");
	status.setAttribute("role", "status");
	status.className = "status";
	let busy = false;
	/** @type {AbortController | undefined} */
	let counting;

	const submit = async () => {
		if (busy || counting) return;
		busy = true;
		if (alerts.contains(document.activeElement)) find(form, "button:not([type])").focus();
		clearAlert(alerts);
		clearFields(form);
		const stopSaying = sayWaiting(language, status);
		const values = valuesOf(form);
		try {
			const answer = await send(values).finally(stopSaying);
			if (!signal.aborted) done(answer, values);
		} catch (error) {
			if (!signal.aborted) fail(error, values);
			else if (!(error instanceof Refused || error instanceof NoAnswer)) throw error;
		} finally {
			busy = false;
		}
	};

	/**
	 * @param {unknown} error
	 * @param {FieldValues} values
	 */
	const fail = (error, values) => {
		if (error instanceof NoAnswer) {
			const detail = unanswered ?? noticeOf(error);
			showAlert(alerts, language, { title: "problem.title.no-answer", detail, retry: submit }).focus();
			return;
		}
		if (!(error instanceof Refused)) throw error;
		const { problem } = error;
		const detail = noticeOf(error);
		const failure = { title: { text: problem.title, language: error.language }, detail };
		switch (treatmentOf(problem.code)) {
			case "mark-fields": {
				const left = markFields(form, problem.errors ?? [], error.language);
				if (left) showAlert(alerts, language, failure).focus();
				break;
			}
			case "type-again":
				showAlert(alerts, language, failure);
				emptySecret(form)?.focus();
				break;
			case "wait": {
				const since = Date.now();
				const until = since + (problem.retry_after ?? 60) * 1000;
				const wait = { ...failure, subject: subject(values), since, until };
				if (operation) memory.remember(operation, wait);
				emptySecret(form);
				waitOut(wait);
				alerts.querySelector("p")?.parentElement?.focus();
				break;
			}
			case "try-again":
				showAlert(alerts, language, { ...failure, retry: submit }).focus();
				break;
			case "disabled":
				memory.outcome = "pin-disabled";
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
				showAlert(alerts, language, { ...failure, mayCall: true }).focus();
				break;
		}
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
		const box = showAlert(alerts, language, wait);
		const remaining = box.appendChild(document.createElement("p"));
		remaining.className = "countdown";
		remaining.setAttribute("role", "timer");
		const stopped = new AbortController();
		counting = stopped;
		hold();
		const on = () => {
			const wasHere = alerts.contains(document.activeElement);
			counting = undefined;
			clearAlert(alerts);
			hold();
			if (wasHere) firstInput(form)?.focus();
		};
		stopped.signal.addEventListener("abort", on);
		countDown(
			wait.until,
			(time) => language.write(remaining, "wait.remaining", { time }),
			() => {
				stopped.abort();
				language.write(status, "wait.over");
			},
			AbortSignal.any([signal, stopped.signal]),
		);
	};

	/** Start or stop waiting, depending on the member whom the form now names. */
	const look = () => {
		const wait = operation && memory.wait(operation, subject(valuesOf(form)));
		if (wait && !counting) waitOut(wait);
		if (!wait && counting) counting.abort();
	};

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		void submit();
	});
	form.addEventListener("input", ({ target }) => {
		if (target instanceof HTMLInputElement && target.inputMode === "numeric") keepDigits(target);
		if (status.dataset.text === "wait.over") silence(status);
		look();
	});
	look();
	hold();
	return { hold };
}

/** @param {HTMLFormElement} form */
function valuesOf(form) {
	/** @type {FieldValues} */
	const values = {};
	for (const input of form.querySelectorAll("input")) {
		const value = input.value.trim();
		if (value) values[input.name] = value;
	}
	return values;
}

/**
 * Remove everything but digits, such as the spaces in a pasted code; a long code keeps its spaces, to be read in pairs.
 *
 * @param {HTMLInputElement} input a field for digits.
 */
function keepDigits(input) {
	const digits = input.value.replace("blanks" in input.dataset ? /[^\d ]/g : /\D/g, "");
	if (digits !== input.value) input.value = digits;
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

/** @param {HTMLFormElement} form */
function clearFields(form) {
	for (const shown of form.querySelectorAll(".field-error")) shown.remove();
	for (const input of form.querySelectorAll("[aria-invalid]")) {
		input.removeAttribute("aria-invalid");
		describe(input, (ids) => ids.filter((id) => !id.endsWith("-error")));
	}
}

/**
 * Show beside each field what is wrong with it, and focus the first one.
 *
 * @param {HTMLFormElement} form
 * @param {{ pointer: string, detail: string }[]} errors
 * @param {string} language the language of the details.
 * @returns {boolean} whether an error concerns no field of this form.
 */
function markFields(form, errors, language) {
	let left = errors.length === 0;
	/** @type {HTMLInputElement | null} */
	let first = null;
	for (const { pointer, detail } of errors) {
		const field = form.querySelector(`#${CSS.escape(pointer.slice(1))}`);
		if (!field) {
			left = true;
			continue;
		}
		const inputs = field instanceof HTMLInputElement ? [field] : [...field.querySelectorAll("input")];
		const shown = document.createElement("p");
		shown.id = `${field.id}-error`;
		shown.className = "field-error";
		shown.lang = language;
		shown.textContent = detail;
		if (field instanceof HTMLInputElement) field.after(shown);
		else field.append(shown);
		for (const input of inputs) {
			input.setAttribute("aria-invalid", "true");
			describe(input, (ids) => [...ids, shown.id]);
		}
		const [input] = inputs;
		if (input && (!first || input.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING)) first = input;
	}
	if (!left) first?.focus();
	return left;
}

/**
 * @param {Element} input
 * @param {(ids: string[]) => string[]} change maps the ids of the elements that describe it.
 */
function describe(input, change) {
	const ids = change(input.getAttribute("aria-describedby")?.split(" ") ?? []);
	if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
	else input.removeAttribute("aria-describedby");
}
