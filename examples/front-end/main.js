/** Signs a member in from another origin of the same site. In your project: `from "espace-adherent-access-client"`. */

import { Api, NoAnswerError, ProblemError } from "../../portal/client/api.js";

const { api_url } = await (await fetch("config.json")).json();
const api = new Api({ baseUrl: api_url, language: () => "en" });
const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const status = /** @type {HTMLElement} */ (document.querySelector("[role=status]"));
const session = /** @type {HTMLElement} */ (document.querySelector("p[hidden]"));

/** @param {() => Promise<string>} call returns what to say when the answer has come. */
async function attempt(call) {
	status.textContent = "One moment…";
	try {
		status.textContent = await call();
	} catch (error) {
		if (error instanceof ProblemError) status.textContent = error.problem.detail;
		else if (error instanceof NoAnswerError) status.textContent = "No answer came. Try again.";
		else throw error;
		if (error instanceof ProblemError && error.retryAfter) waitOut(error.retryAfter);
	}
}

/** @param {number} seconds */
function waitOut(seconds) {
	const buttons = document.querySelectorAll("button");
	for (const button of buttons) button.disabled = true;
	setTimeout(() => {
		for (const button of buttons) button.disabled = false;
	}, seconds * 1000);
}

/** @param {boolean} isOpen */
function show(isOpen) {
	form.hidden = isOpen;
	session.hidden = !isOpen;
}

form.addEventListener("submit", (event) => {
	event.preventDefault();
	const typed = new FormData(form);
	void attempt(async () => {
		const credentials = { identifier: String(typed.get("identifier")), pin: String(typed.get("pin")) };
		const { expires_in } = await api.signIn(credentials);
		form.reset();
		show(true);
		return `Signed in. The access token is valid for ${expires_in} seconds.`;
	});
});

/** @type {Record<string, () => Promise<string>>} */
const calls = {
	async refresh() {
		const { expires_in } = await api.refreshSession();
		show(true);
		return `Refreshed. The access token is valid for ${expires_in} seconds.`;
	},
	async "sign-out"() {
		await api.signOut();
		show(false);
		return "Signed out.";
	},
};
session.addEventListener("click", ({ target }) => {
	const call = target instanceof HTMLElement && calls[target.dataset.call ?? ""];
	if (call) void attempt(call);
});
