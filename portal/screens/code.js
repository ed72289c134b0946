/** Verifies a code sent by e-mail, sends another one, or sends one by letter. */

import { countDown } from "../countdown.js";
import { find } from "../dom.js";
import { durationText } from "../durations.js";
import { setUpCodeRequest, setUpVerification, showTypedIdentifier, verifiedBefore } from "../recovery.js";

/** @type {NonNullable<import("../types.js").Screen["enter"]>} */
export function enter(app) {
	// A code by e-mail works in every tab of the browser that asked for it.
	if (app.memory.recovery?.channel !== "email") return { to: "have-code" };
	return verifiedBefore(app);
}

/** @param {import("../types.js").Place} place */
export function show(place) {
	const { app, view, signal } = place;
	const { recovery } = app.memory;
	if (!recovery) return;
	const { language } = app;
	const { identifier } = recovery;
	showTypedIdentifier(view, recovery);
	find(view, "[name=identifier]", HTMLInputElement).value = identifier;
	showExpiry(place, recovery);
	setUpVerification(place);

	const again = find(view, "[data-again]", HTMLFormElement);
	const { hold } = setUpCodeRequest(place, again, () => ({ identifier }), {
		opensAt: recovery.resendAt,
		done: (screen) =>
			app.go(screen, { replace: true, ...(screen === "code" && { notice: "code.sent-again", kind: "success" }) }),
	});
	const left = again.appendChild(document.createElement("p"));
	left.className = "hint";
	countDown(
		recovery.resendAt,
		(time) => language.write(left, "reset.again-later", { time: () => durationText(time, language.locale) }),
		() => {
			left.remove();
			hold();
		},
		signal,
	);
	const byLetter = find(view, "[data-by-letter]", HTMLFormElement);
	setUpCodeRequest(place, byLetter, () => ({ identifier, channel: "letter" }), {
		done: (screen) => app.go(screen, { replace: true }),
	});
}

/**
 * @param {import("../types.js").Place} place
 * @param {import("../types.js").Recovery} recovery
 */
function showExpiry({ app: { language }, view, signal }, { expiresAt }) {
	const sent = find(view, "[data-sent]");
	countDown(
		expiresAt,
		() => language.write(sent, "code.sent", { time: () => language.time(expiresAt) }),
		() => {
			language.write(sent, "code.expired");
			find(view, "details", HTMLDetailsElement).open = true;
		},
		signal,
	);
}
