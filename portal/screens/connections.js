/** Lists a member's sessions and known browsers, and ends them. */

/** @import { App, Detour, Place, TextKey } from "../types.js" */
/** @import { AccountAnswer, DeviceAnswer, SessionAnswer } from "../client/api.js" */

import { find } from "../dom.js";
import { setUpForm } from "../form.js";
import { signedIn } from "../member-only.js";
import { asMember } from "../own-calls.js";
import { sayWaiting } from "../patience.js";
import { noticeOf } from "../problems.js";

/** @type {Record<SessionAnswer["browser"], string>} */
const BROWSERS = {
	chrome: "Chrome",
	edge: "Edge",
	firefox: "Firefox",
	opera: "Opera",
	other: "",
	safari: "Safari",
	"samsung-internet": "Samsung Internet",
};
/** @type {Record<SessionAnswer["system"], string>} */
const SYSTEMS = {
	android: "Android",
	chromeos: "ChromeOS",
	ipad: "iPad",
	iphone: "iPhone",
	linux: "Linux",
	mac: "Mac",
	other: "",
	windows: "Windows",
};
/** @type {Record<Exclude<AccountAnswer["email"], "works">, TextKey>} */
const EMAIL = {
	bounced: "connections.email.bounced",
	complained: "connections.email.complained",
	none: "connections.email.none",
};

/** @typedef {{ of: SessionAnswer | DeviceAnswer, end: TextKey, ended: TextKey, call: (own: { token: string }) => Promise<void> }} Entry */

/** @type {{ sessions: SessionAnswer[], devices: DeviceAnswer[], email: AccountAnswer["email"] }} */
let listed = { sessions: [], devices: [], email: "works" };

/**
 * @param {App} app
 * @returns {Promise<Detour | undefined>}
 */
export async function enter(app) {
	const detour = await signedIn(app);
	if (detour) return detour;
	const { calls } = app;
	// The first finds out whether the token still works.
	const { sessions } = await asMember(app, (own) => calls.sessions(own));
	const [{ devices }, { email }] = await Promise.all([
		asMember(app, (own) => calls.devices(own)),
		asMember(app, (own) => calls.account(own)),
	]);
	listed = { sessions, devices, email };
	return undefined;
}

/** @param {Place} place */
export function show(place) {
	const { app, view, signal } = place;
	const { calls, language } = app;
	const { email } = listed;
	if (email === "works") find(view, "[data-email]").remove();
	else language.write(find(view, "[data-why]"), EMAIL[email]);
	const sessions = listed.sessions.map((of) => {
		const call = (/** @type {{ token: string }} */ own) => calls.endSession(of.id, own);
		return itemOf({ of, end: "connections.end", ended: "connections.ended", call }, place);
	});
	const devices = listed.devices.map((of) => {
		const call = (/** @type {{ token: string }} */ own) => calls.forgetDevice(of.id, own);
		return itemOf({ of, end: "connections.forget", ended: "connections.forgotten", call }, place);
	});
	find(view, "[data-sessions]").replaceChildren(...sessions);
	find(view, "[data-devices]").replaceChildren(...devices);
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		send: () => asMember(app, (own) => calls.endSessions(own)),
		done() {
			app.session.forget();
			app.go("sign-in", { replace: true, notice: "connections.all-ended", kind: "success" });
		},
	});
}

/**
 * @param {Entry} entry
 * @param {Place} place
 */
function itemOf({ of, end, ended, call }, { app, view, signal }) {
	const { language } = app;
	const item = document.createElement("li");
	const name = item.appendChild(document.createElement("strong"));
	name.id = `${end}-${of.id}`;
	const [browser, system] = [BROWSERS[of.browser], SYSTEMS[of.system]];
	if (browser && system) language.write(name, "connections.family", { browser, system });
	else if (browser || system) name.textContent = browser || system;
	else language.write(name, "connections.family.other");
	const times = item.appendChild(document.createElement("span"));
	language.write(times, "connections.times", {
		since: () => day(language.locale, of.since),
		last: () => day(language.locale, of.last_used_at),
		time: () => language.time(Date.parse(of.last_used_at)),
	});
	if (of.is_present) {
		language.write(item.appendChild(document.createElement("span")), "connections.present");
		return item;
	}
	const button = item.appendChild(document.createElement("button"));
	button.type = "button";
	button.setAttribute("aria-describedby", name.id);
	language.write(button, end);
	button.addEventListener("click", async () => {
		if (button.getAttribute("aria-busy")) return;
		button.setAttribute("aria-busy", "true");
		const status = find(view, "[data-status]");
		const stopSaying = sayWaiting(language, status);
		try {
			await asMember(app, call).finally(stopSaying);
			if (!signal.aborted) app.go("connections", { notice: ended, kind: "success" });
		} catch (error) {
			if (!signal.aborted) language.say(status, noticeOf(error));
		} finally {
			button.removeAttribute("aria-busy");
		}
	});
	return item;
}

/**
 * @param {string} locale
 * @param {string} moment as RFC 3339 writes it.
 */
function day(locale, moment) {
	return new Date(moment).toLocaleDateString(locale, { dateStyle: "long" });
}
