/** The composition root: creates every object once and passes it to the modules that need it. */

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
			// The other language's texts did not load: keep this one.
			if (!(error instanceof TypeError)) throw error;
			language.say(status, noticeOf(new NoAnswer()));
		}
	});
}

/** Move the focus to the content by script: the part after `#` names a screen, so an ordinary link cannot. */
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
