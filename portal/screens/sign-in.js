/** Signs a member in with identifier and PIN. */

import { find } from "../dom.js";
import { identifierOf } from "../fields.js";
import { setUpForm } from "../form.js";
import { used } from "../late.js";
import { REFRESHED_AT } from "../session.js";

const loadPasskeys = () => import("../passkey-sign-in.js");
const knowsPasskeys = "PublicKeyCredential" in window;

/**
 * @param {import("../types.js").App} app
 * @returns {Promise<import("../types.js").Detour | undefined>}
 */
export async function enter({ session }) {
	return (await session.resume()) ? { to: "member" } : undefined;
}

/** @param {import("../types.js").Place} place */
export function show(place) {
	const { app, view, signal } = place;
	const { calls, held, memory, session } = app;
	// A member who comes back to the start has given up the search.
	held.identity = undefined;
	find(view, "#identifier", HTMLInputElement).value = memory.likelyIdentifier;
	const remember = find(view, "#remember", HTMLInputElement);
	remember.checked = memory.rememberedIdentifier !== undefined;
	remember.addEventListener("change", () => {
		if (!remember.checked) memory.rememberedIdentifier = undefined;
	});
	followOtherTabs(place);
	// Without passkeys there is still the PIN.
	if (knowsPasskeys) void used.then(loadPasskeys).then((passkeys) => passkeys.offer(place), ignore);
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "sign-in",
		subject: identifierOf,
		limit: "wait",
		way: { to: "forgotten-pin", text: "sign-in.forgotten-pin.question" },
		async send(values) {
			const identifier = identifierOf(values);
			const { pin } = values;
			memory.identifier = identifier;
			const typed = { identifier: identifier || undefined, pin };
			const answer = await calls.signIn(/** @type {import("../client/api.js").Credentials} */ (typed));
			if (!("access_token" in answer)) {
				memory.confirmation = { ...answer, identifier, at: Date.now(), remember: remember.checked };
				return "confirm";
			}
			session.begin(answer);
			memory.rememberedIdentifier = remember.checked ? identifier : undefined;
			return "member";
		},
		async done(screen) {
			const passkeys = knowsPasskeys && screen === "member" ? await loadPasskeys().catch(ignore) : undefined;
			app.go((await passkeys?.isWorthOffering()) ? "passkey-offer" : screen);
		},
	});
}

/**
 * Go on as a member who has signed in in another tab.
 *
 * @param {import("../types.js").Place} place
 */
function followOtherTabs({ app, signal }) {
	const look = () => {
		if (app.session.refreshedAt) app.go("sign-in", { replace: true });
	};
	addEventListener("storage", ({ key }) => key === REFRESHED_AT && look(), { signal });
	addEventListener("pageshow", ({ persisted }) => persisted && look(), { signal });
}

function ignore() {}
