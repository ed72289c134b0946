/** The composition root: creates every object once and passes it to the modules that need it. */

import { Api, NoAnswerError } from "./client/api.js";
import { find } from "./dom.js";
import { startLanguage } from "./language.js";
import { startMemory } from "./memory.js";
import { showOutage } from "./notice.js";
import { silence } from "./patience.js";
import { noticeOf } from "./problems.js";
import { startRouter } from "./router.js";
import { createSession } from "./session.js";

const CONFIGURED_WITHIN_MILLISECONDS = 30_000;

// If this fails, start.js says so and shows the telephone number.
const [language, config] = await Promise.all([startLanguage(), readConfig()]);
const calls = new Api({ baseUrl: config.api_url, language: () => language.code });
const session = createSession(calls, config.session_idle_seconds);

offerLanguages();
leadToContent();
startRouter({ config, calls, language, memory: startMemory(), session, held: {} });
void showOutage(language);

function offerLanguages() {
	const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-language]"));
	const status = find(document, "[data-page-status]");
	const markCurrent = () => {
		for (const link of links) {
			if (link.lang === language.code) link.setAttribute("aria-current", "true");
			else link.removeAttribute("aria-current");
		}
	};
	for (const link of links) {
		link.addEventListener("click", async (event) => {
			event.preventDefault();
			try {
				await language.use(link.lang === "en" ? "en" : "fr");
				silence(status);
			} catch (error) {
				// The other language's texts did not load: keep this one.
				if (!(error instanceof TypeError)) throw error;
				language.say(status, noticeOf(new NoAnswerError()));
			}
		});
	}
	language.onChange(markCurrent);
	markCurrent();
}

/** Move the focus to the content by script: the part after `#` names a screen, so an ordinary link cannot. */
function leadToContent() {
	find(document, "[data-skip]").addEventListener("click", (event) => {
		event.preventDefault();
		find(document, "main").focus();
	});
}

/**
 * @returns {Promise<import("./types.js").Config>}
 * @throws {NoAnswerError} the file is missing, or late.
 */
async function readConfig() {
	const tooLate = new Promise((_, reject) => {
		setTimeout(() => reject(new NoAnswerError("config.json is late")), CONFIGURED_WITHIN_MILLISECONDS);
	});
	const response = await Promise.race([fetch("config.json"), tooLate]);
	if (!response.ok) throw new NoAnswerError(`config.json answers ${response.status}`);
	return response.json();
}
