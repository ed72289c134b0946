/** Verifies a code sent by e-mail, sends another one, or sends one by letter. */

import { countDown } from "../countdown.js";
import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { askForCode, setUpVerification, verifiedBefore } from "../recovery.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter(app) {
	if (app.memory.recovery?.channel !== "email") return { to: "forgotten-pin", notice: "code.lost" };
	return verifiedBefore(app);
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
	const { hold } = setUpForm(again, {
		app,
		signal,
		operation: "reset",
		subject: () => identifier,
		opensAt: recovery.resendAt,
		send: () => askForCode(app, { identifier }),
		done: (screen) =>
			app.go(screen, { replace: true, ...(screen === "code" && { notice: "code.sent-again", kind: "success" }) }),
	});
	const left = again.appendChild(document.createElement("p"));
	countDown(
		recovery.resendAt,
		(time) => language.write(left, "code.again-later", { time }),
		() => {
			left.remove();
			hold();
		},
		signal,
	);

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
