/** A code was sent by e-mail: it is typed, asked for again, or asked for by letter. */

import { clockText, countDown } from "../countdown.js";
import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { askForCode, setUpVerification } from "../recovery.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter({ memory }) {
	return memory.recovery?.channel === "email" ? undefined : { to: "forgotten-pin", notice: "code.lost" };
}

/** @param {import("../types.js").Place} place */
export function show(place) {
	const { app, view, signal } = place;
	const { recovery } = app.memory;
	if (!recovery) return;
	const { language } = app;
	const { identifier } = recovery;
	language.write(find(view, "[data-sent]"), "code.sent", { identifier });
	find(view, "[name=identifier]", HTMLInputElement).value = identifier;
	showExpiry(place, recovery);
	setUpVerification(place);

	const again = find(view, "[data-again]", HTMLFormElement);
	setUpForm(again, {
		app,
		signal,
		operation: "reset",
		subject: () => identifier,
		send: () => askForCode(app, { identifier }),
		done: (screen) => app.go(screen, { replace: true, ...(screen === "code" && { notice: "code.sent-again" }) }),
	});
	untilAnother(place, again, recovery);

	setUpForm(find(view, "[data-by-letter]", HTMLFormElement), {
		app,
		signal,
		operation: "reset",
		subject: () => identifier,
		send: () => askForCode(app, { identifier, channel: "letter" }),
		done: (screen) => app.go(screen, { replace: true }),
	});
}

/**
 * @param {import("../types.js").Place} place
 * @param {import("../types.js").Recovery} recovery
 */
function showExpiry({ app: { language }, view, signal }, { expiresAt }) {
	const expiry = find(view, "[data-expiry]");
	countDown(
		expiresAt,
		() => language.write(expiry, "code.expiry", { time: () => language.time(expiresAt) }),
		() => language.write(expiry, "code.expired"),
		signal,
	);
}

/**
 * Another code can be asked for a little later: until then the button says when.
 *
 * @param {import("../types.js").Place} place
 * @param {HTMLFormElement} again
 * @param {import("../types.js").Recovery} recovery
 */
function untilAnother({ app: { language }, signal }, again, { resendAt }) {
	const button = find(again, "button", HTMLButtonElement);
	const left = again.appendChild(document.createElement("p"));
	button.disabled = resendAt > Date.now();
	countDown(
		resendAt,
		() => language.write(left, "code.again-later", { time: () => clockText(resendAt - Date.now()) }),
		() => {
			left.remove();
			button.disabled = false;
		},
		signal,
	);
}
