/** Lists a member's passkeys, adds one and deletes one. */

/** @import { App, Detour, GoOptions, Place } from "../types.js" */

import { ProblemError } from "../client/api.js";
import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { signedIn } from "../member-only.js";
import { addPasskey, canUsePasskeys } from "../passkeys.js";
import { sayWaiting } from "../patience.js";
import { noticeOf } from "../problems.js";

/** @type {import("../client/api.js").PasskeyAnswer[]} */
let listed = [];

/** @type {Record<Awaited<ReturnType<typeof addPasskey>>, GoOptions>} */
const AFTER_ADDING = {
	added: { notice: "passkey.added", kind: "success" },
	already: { notice: "passkey.already" },
	cancelled: { notice: "passkey.cancelled" },
};

/**
 * @param {App} app
 * @returns {Promise<Detour | undefined>}
 */
export async function enter(app) {
	const detour = await signedIn(app);
	if (detour) return detour;
	listed = (await app.calls.passkeys({ token: app.session.token })).passkeys;
	return undefined;
}

/** @param {Place} place */
export function show(place) {
	const { app, view, signal } = place;
	find(view, "[data-none]").hidden = listed.length > 0;
	find(view, "[data-list]").replaceChildren(...listed.map((passkey) => itemOf(passkey, place)));
	const form = find(view, "form", HTMLFormElement);
	form.hidden = !canUsePasskeys;
	setUpForm(form, {
		app,
		signal,
		send: ({ name }) => signingInAgain(app, () => addPasskey(app, name)),
		done: (outcome) => outcome && app.go("passkeys", AFTER_ADDING[outcome]),
	});
}

/**
 * @param {import("../client/api.js").PasskeyAnswer} passkey
 * @param {Place} place
 */
function itemOf(passkey, { app, view, signal }) {
	const { language } = app;
	const item = document.createElement("li");
	const name = item.appendChild(document.createElement("strong"));
	name.textContent = passkey.name;
	name.id = `passkey-${passkey.id}`;
	const day = (/** @type {string} */ moment) =>
		new Date(moment).toLocaleDateString(language.locale, { dateStyle: "long" });
	const since = item.appendChild(document.createElement("span"));
	language.write(since, "passkeys.since", { day: () => day(passkey.created_at) });
	const { last_used_at: last } = passkey;
	if (last) {
		const use = item.appendChild(document.createElement("span"));
		language.write(use, "passkeys.last-used", { day: () => day(last) });
	}
	const button = item.appendChild(document.createElement("button"));
	button.type = "button";
	button.setAttribute("aria-describedby", name.id);
	language.write(button, "passkeys.delete");
	button.addEventListener("click", async () => {
		if (button.getAttribute("aria-busy")) return;
		button.setAttribute("aria-busy", "true");
		const status = find(view, "[data-status]");
		const stopSaying = sayWaiting(language, status);
		try {
			const token = app.session.token;
			const deletion = () => app.calls.deletePasskey(passkey.id, { token }).then(() => true);
			const done = await signingInAgain(app, deletion).finally(stopSaying);
			if (done && !signal.aborted) app.go("passkeys", { notice: "passkeys.deleted", kind: "success" });
		} catch (error) {
			language.say(status, noticeOf(error));
		} finally {
			button.removeAttribute("aria-busy");
		}
	});
	return item;
}

/**
 * Make a call that needs a sign-in of the last minutes; after an older one, lead to the sign-in.
 *
 * @template Answer
 * @param {App} app
 * @param {() => Promise<Answer>} call
 * @returns {Promise<Answer | undefined>} nothing if the member has to sign in again.
 */
async function signingInAgain(app, call) {
	try {
		return await call();
	} catch (error) {
		if (!(error instanceof ProblemError) || error.problem.code !== "sign-in-again") throw error;
		const { identifier } = app.session;
		await app.session.signOut();
		app.memory.identifier = identifier;
		app.go("sign-in", { replace: true, notice: "passkeys.sign-in-again" });
		return undefined;
	}
}
