/** Submits forms once at a time. What a form needs only in use or after a failure loads late. */

/** @import { FieldValues, FormOptions } from "./types.js" */

import { NoAnswerError, ProblemError } from "./client/api.js";
import { find } from "./dom.js";
import { SECRETS, withAsciiDigits } from "./fields.js";
import { late, used } from "./late.js";
import { sayWaiting, silence } from "./patience.js";
import { Doubt, noticeOf } from "./problems.js";

const OFF_WHILE_WAITING = `button, ${SECRETS}`;
const loadRest = late(() => Promise.all([import("./form-failures.js"), import("./number-fields.js")]));

/**
 * @template Answer
 * @param {HTMLFormElement} form
 * @param {FormOptions<Answer>} options
 */
export function setUpForm(form, options) {
	const { app, signal, send, done, operation, subject = () => "", opensAt = 0 } = options;
	const { language, memory } = app;
	const alerts = placeForAlerts(form);
	const status = form.appendChild(document.createElement("p"));
	status.setAttribute("role", "status");
	status.className = "status";
	let busy = false;
	/** @type {ReturnType<typeof import("./form-failures.js").failuresOf> | undefined} */
	let failures;

	/** The wait of the member whom the form now names. */
	const rememberedWait = () => operation && memory.wait(operation, subject(valuesOf(form)));
	const isWaiting = () => (failures ? failures.areCounting : rememberedWait() !== undefined);

	/** Disable the controls that cannot be used now, and enable the others. */
	const hold = () => {
		const controls = /** @type {NodeListOf<HTMLButtonElement | HTMLInputElement>} */ (
			form.querySelectorAll(OFF_WHILE_WAITING)
		);
		const isHeld = isWaiting() || Date.now() < opensAt;
		for (const control of controls) control.disabled = isHeld;
	};

	const submit = async () => {
		if (busy || isWaiting()) return;
		const button = find(form, "button:not([type])");
		busy = true;
		if (alerts.contains(document.activeElement)) button.focus();
		failures?.clear();
		markBusy(button, true);
		const stopSaying = sayWaiting(language, status);
		const values = valuesOf(form);
		try {
			const answer = await send(values).finally(stopSaying);
			if (!signal.aborted) done(answer, values);
		} catch (error) {
			if (!isExpected(error)) throw error;
			await withFailures((shown) => shown.show(error, values));
		} finally {
			busy = false;
			markBusy(button, false);
			app.entitle();
		}
	};

	const loadFailures = async () => {
		const [{ failuresOf }, { equipNumberFields }] = await loadRest();
		if (failures) return failures;
		equipNumberFields(form, language);
		failures = failuresOf({ form, alerts, status, options, submit, hold });
		return failures;
	};

	/** @param {(shown: NonNullable<typeof failures>) => void} act not called once the screen is left. */
	const withFailures = async (act) => {
		try {
			const shown = await loadFailures();
			if (!signal.aborted) act(shown);
		} catch (error) {
			if (!signal.aborted) language.say(status, noticeOf(error));
		}
	};

	const look = () => {
		const wait = rememberedWait();
		if (failures) failures.follow(wait);
		else if (wait) {
			void withFailures((shown) => shown.follow(rememberedWait()));
			// The wait may end before what counts it has loaded.
			setTimeout(hold, wait.until - Date.now());
		}
	};

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		void submit();
	});
	form.addEventListener("input", () => {
		if (status.dataset.text === "wait.over") silence(status);
		look();
	});
	// A form that needs it reports the failure.
	void used.then(loadFailures).catch(() => {});
	look();
	hold();
	return { hold };
}

/** @param {unknown} error */
function isExpected(error) {
	return error instanceof ProblemError || error instanceof NoAnswerError || error instanceof Doubt;
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
