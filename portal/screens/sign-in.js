/** Signs a member in with identifier and PIN. */

import { NoAnswerError } from "../client/api.js";
import { find } from "../dom.js";
import { identifierOf } from "../fields.js";
import { setUpForm } from "../form.js";
import { onDemand, used } from "../late.js";
import { REFRESHED_AT } from "../session.js";

/** Signs in without a PIN, in browsers that know how. */
const loadPasskeys = onDemand(() => import("../passkey-sign-in.js"));

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
	const knowsPasskeys = "PublicKeyCredential" in window;
	if (knowsPasskeys)
		void used
			.then(loadPasskeys)
			.then(({ offer }) => offer(place))
			.catch(ignoreNoAnswer);
	let next = /** @type {import("../types.js").ScreenName} */ ("member");
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
			session.begin(await calls.signIn(/** @type {import("../client/api.js").Credentials} */ (typed)));
			memory.rememberedIdentifier = remember.checked ? identifier : undefined;
			if (knowsPasskeys && (await loadPasskeys().then(({ isWorthOffering }) => isWorthOffering(), ignoreNoAnswer)))
				next = "passkey-offer";
		},
		done: () => app.go(next),
	});
}

/** @param {unknown} error what kept passkeys from loading: the PIN works without them. */
function ignoreNoAnswer(error) {
	if (!(error instanceof NoAnswerError)) throw error;
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
