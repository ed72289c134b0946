/** The member area, where the insurer adds its services. Here a member can change the PIN or sign out. */

import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { signedIn } from "../member-only.js";

/**
 * Leave for the insurer's own area if there is one.
 *
 * @param {import("../types.js").App} app
 */
export async function enter(app) {
	const detour = await signedIn(app);
	const area = app.config.after_sign_in_url?.[app.language.code];
	if (detour || !area) return detour;
	location.replace(area);
	// Show nothing until the browser has left.
	return new Promise(() => {});
}

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	const { identifier } = app.session;
	app.language.write(find(view, "[data-signed-in]"), "member.signed-in", { identifier });
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		send: () => app.session.signOut(),
		done: () => app.go("sign-in", { replace: true, notice: "member.signed-out", kind: "success" }),
	});
}
