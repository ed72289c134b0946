/** The composition root: everything is made here once, and given to what needs it. */

import { createCalls } from "./calls.js";
import { find } from "./dom.js";
import { startLanguage } from "./language.js";
import { startMemory } from "./memory.js";
import { silence } from "./patience.js";
import { NoAnswer, noticeOf } from "./problems.js";
import { startRouter } from "./router.js";
import { createSession } from "./session.js";

const [language, config] = await Promise.all([startLanguage(), readConfig()]);
const calls = createCalls(config.api_url, language);
const session = createSession(calls, config.session_idle_seconds);

find(document, "[data-insurer]").textContent = config.insurer;
language.write(find(document, "[data-helpline]"), "page.help", { helpline: config.helpline });
offerOtherLanguage();
leadToContent();
startRouter({ config, calls, language, memory: startMemory(), session, held: {} });

function offerOtherLanguage() {
	const button = find(document, "[data-language]");
	const other = () => (language.code === "fr" ? "en" : "fr");
	const name = () => {
		button.lang = other();
	};
	language.write(button, "page.other-language");
	language.onChange(name);
	name();
	const status = find(document, "[data-page-status]");
	button.addEventListener("click", async () => {
		try {
			await language.use(other());
			silence(status);
		} catch (error) {
			// The texts of the other language did not come: this one stays.
			if (!(error instanceof TypeError)) throw error;
			language.say(status, noticeOf(new NoAnswer()));
		}
	});
}

/** What follows the `#` names a screen here, so the link to the content cannot use it. */
function leadToContent() {
	find(document, "[data-skip]").addEventListener("click", (event) => {
		event.preventDefault();
		find(document, "main").focus();
	});
}

/** @returns {Promise<import("./types.js").Config>} */
async function readConfig() {
	const response = await fetch("config.json");
	return response.json();
}
