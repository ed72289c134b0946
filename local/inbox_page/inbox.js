/** Shows the messages that the stack has sent and polls for new ones; messages already shown stay in place. */

/** @typedef {{ to: string, subject: string, text: string, html: string, sent_at: string }} Email */
/** @typedef {{ id: string, address: string[], text: string, pdf_url: string, submitted_at: string }} Letter */
/** @typedef {{ emails: Email[], letters: Letter[] }} Messages the newest last. */
/** @typedef {{ key: string, kind: string, at: string, show: () => HTMLElement }} Message */

const POLL_MILLISECONDS = 3000;
const TIMEOUT_MILLISECONDS = 10_000;
const SILENCE = "The stack is not responding. Start it with make run; this page then continues by itself.";
// An e-mail has six digits right after the word, a letter five pairs, before a telephone number of that form.
const CODES = {
	email: /(?<=code\W{1,3})\d{6}(?!\d)/,
	letter: /(?<!\d|\d\s)\d\d(?:\s\d\d){4}(?!\s?\d)/,
};
// Read as text, because the page's Trusted Types policy forbids parsing it as a document.
const LANGUAGE = /<html[^>]*\slang="([\w-]+)"/i;

/** @type {Map<string, HTMLElement>} */
const shown = new Map();
const list = find(document, "#messages");
const news = find(document, "#news");
let hasLooked = false;

async function look() {
	try {
		const messages = await sent();
		if (messages) show(messages);
		else say(SILENCE);
	} finally {
		setTimeout(look, POLL_MILLISECONDS);
	}
}

/** @returns {Promise<Messages | null>} null if the stack does not respond. */
async function sent() {
	const patience = new AbortController();
	const timer = setTimeout(() => patience.abort(), TIMEOUT_MILLISECONDS);
	try {
		const response = await fetch("/inbox/messages.json", { signal: patience.signal });
		return response.ok ? await response.json() : null;
	} catch {
		return null;
	} finally {
		clearTimeout(timer);
	}
}

/** @param {Messages} messages */
function show({ emails, letters }) {
	const messages = [...emails.map(emailMessage), ...letters.map(letterMessage)]
		.sort((one, other) => one.at.localeCompare(other.at))
		.reverse();
	const fresh = messages.filter(({ key }) => !shown.has(key));
	keepInPlace(() => {
		// A restarted stack has forgotten the earlier messages.
		const keys = new Set(messages.map(({ key }) => key));
		for (const [key, article] of shown) {
			if (keys.has(key)) continue;
			article.remove();
			shown.delete(key);
		}
		let place = list.firstElementChild;
		for (const { key, show } of messages) {
			const known = shown.get(key);
			if (known) {
				place = known.nextElementSibling;
			} else {
				const article = show();
				list.insertBefore(article, place);
				shown.set(key, article);
			}
		}
		find(document, "#nothing").hidden = messages.length > 0;
	});
	if (hasLooked && fresh[0]) sayNew(fresh[0], fresh.length);
	else if (news.textContent === SILENCE) say("The stack is responding again.");
	hasLooked = true;
}

/**
 * @param {Message} newest
 * @param {number} count
 */
function sayNew({ kind, at }, count) {
	const time = new Date(at).toLocaleTimeString("en-GB");
	say(count === 1 ? `A new ${kind} arrived at ${time}.` : `${count} new messages arrived, the last at ${time}.`);
}

/** @param {string} text */
function say(text) {
	// Setting the same text again would make a screen reader repeat it.
	if (news.textContent !== text) news.textContent = text;
}

/**
 * Changes the list without moving the text that the user reads; not every browser does this itself (overflow-anchor).
 *
 * @param {() => void} change
 */
function keepInPlace(change) {
	const read = [...list.children].find((article) => article.getBoundingClientRect().bottom > 0);
	const before = read?.getBoundingClientRect().top;
	const isAtTheTop = window.scrollY === 0;
	change();
	if (isAtTheTop || !read?.isConnected || before === undefined) return;
	window.scrollBy({ top: read.getBoundingClientRect().top - before, behavior: "instant" });
}

/**
 * @param {Email} email
 * @param {number} index among all e-mails, oldest first.
 * @returns {Message}
 */
function emailMessage(email, index) {
	return {
		key: `e-mail ${index} ${email.sent_at}`,
		kind: "e-mail",
		at: email.sent_at,
		show() {
			const article = fromTemplate("#email");
			const page = `/inbox/emails/${index}.html`;
			const frame = find(article, "iframe", HTMLIFrameElement);
			const alone = find(article, "[data-alone]", HTMLAnchorElement);
			fill(article, CODES.email, email.subject, email.text, email.sent_at);
			find(article, "[data-to]").textContent = email.to;
			mark(LANGUAGE.exec(email.html)?.[1], find(article, "[data-subject]"), find(article, "pre"), frame);
			frame.title = `${email.subject}, ${moment(email.sent_at)}`;
			frame.src = page;
			alone.href = page;
			if (!email.html) {
				frame.remove();
				alone.remove();
				find(article, "details", HTMLDetailsElement).open = true;
			}
			return article;
		},
	};
}

/**
 * @param {Letter} letter
 * @returns {Message}
 */
function letterMessage(letter) {
	return {
		key: `letter ${letter.id} ${letter.submitted_at}`,
		kind: "letter",
		at: letter.submitted_at,
		show() {
			const article = fromTemplate("#letter");
			const page = `/inbox/letters/${encodeURIComponent(letter.id)}`;
			fill(article, CODES.letter, `to ${letter.address[0] ?? ""}`, letter.text, letter.submitted_at);
			find(article, "[data-pdf]", HTMLAnchorElement).href = `${page}.pdf`;
			find(article, "img", HTMLImageElement).src = `${page}.png`;
			void markLanguage(find(article, "pre"), `${page}.pdf`);
			return article;
		},
	};
}

/**
 * @param {HTMLElement} text
 * @param {string} url of the page whose header names its language.
 */
async function markLanguage(text, url) {
	try {
		const answer = await fetch(url, { method: "HEAD" });
		mark(answer.headers.get("Content-Language"), text);
	} catch {
		// The stack has stopped; the next poll reports it.
	}
}

/**
 * @param {string | null | undefined} language
 * @param {HTMLElement[]} texts
 */
function mark(language, ...texts) {
	if (!language) return;
	for (const text of texts) text.lang = language;
}

/**
 * @param {HTMLElement} article
 * @param {RegExp} codes the form of a code in it.
 * @param {string} subject
 * @param {string} text
 * @param {string} at
 */
function fill(article, codes, subject, text, at) {
	find(article, "[data-subject]").textContent = subject;
	find(article, "pre").textContent = text;
	const time = find(article, "time", HTMLTimeElement);
	time.dateTime = at;
	time.textContent = moment(at);
	const code = codes.exec(text)?.[0];
	if (code) offerToCopy(find(article, "[data-code]"), code.replace(/\s/g, " "));
}

/** @param {string} at */
function moment(at) {
	return new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/**
 * @param {HTMLElement} place
 * @param {string} code in groups.
 */
function offerToCopy(place, code) {
	const button = find(place, "button");
	const said = find(place, "[role=status]");
	place.hidden = false;
	button.textContent = `Copy code ${code}`;
	button.addEventListener("click", async () => {
		try {
			await navigator.clipboard.writeText(code.replaceAll(" ", ""));
			said.textContent = "Copied.";
		} catch {
			said.textContent = "The browser did not allow copying. Copy the digits yourself.";
		}
	});
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function fromTemplate(id) {
	const copy = find(document, id, HTMLTemplateElement).content.cloneNode(true);
	return find(/** @type {DocumentFragment} */ (copy), "article");
}

/**
 * @template {HTMLElement} [Wanted=HTMLElement]
 * @param {ParentNode} within
 * @param {string} selector
 * @param {new () => Wanted} [type]
 * @returns {Wanted}
 */
function find(within, selector, type) {
	const found = within.querySelector(selector);
	if (!(found instanceof (type ?? HTMLElement))) throw new Error(`${selector} is missing`);
	return /** @type {Wanted} */ (found);
}

void look();
