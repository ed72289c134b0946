/** Shows what the stack has sent, and looks for more by itself; what is already on the page stays as it is. */

/** @typedef {{ to: string, subject: string, text: string, html: string, sent_at: string }} Email */
/** @typedef {{ id: string, address: string[], text: string, pdf_url: string, submitted_at: string }} Letter */
/** @typedef {{ at: string, show: () => HTMLElement }} Message */

const LOOK_AGAIN_MILLISECONDS = 3000;
// A code stands in two groups of three, as in the e-mails and letters.
const CODE = /(?<!\d|\d\s)(\d{3})\s(\d{3})(?!\s?\d)/;

const shown = { emails: 0, letters: 0 };
const list = find(document, "#messages");
const news = find(document, "#news");

async function look() {
	try {
		const response = await fetch("/inbox/messages.json");
		if (!response.ok) throw new TypeError(`the inbox answers ${response.status}`);
		show(await response.json());
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		news.textContent = "The stack does not answer: start it with make run. This page goes on by itself.";
	} finally {
		setTimeout(look, LOOK_AGAIN_MILLISECONDS);
	}
}

/** @param {{ emails: Email[], letters: Letter[] }} found newest last. */
function show({ emails, letters }) {
	const isFirst = shown.emails + shown.letters === 0;
	const messages = [
		...emails.slice(shown.emails).map((email, index) => emailMessage(email, shown.emails + index)),
		...letters.slice(shown.letters).map(letterMessage),
	].sort((one, other) => one.at.localeCompare(other.at));
	for (const message of messages) list.prepend(message.show());
	shown.emails = emails.length;
	shown.letters = letters.length;
	find(document, "#nothing").hidden = emails.length + letters.length > 0;
	if (messages.length && !isFirst) {
		news.textContent = messages.length === 1 ? "A new message has come." : `${messages.length} new messages have come.`;
	} else if (news.textContent?.startsWith("The stack")) news.textContent = "";
}

/**
 * @param {Email} email
 * @param {number} index among all e-mails, oldest first.
 * @returns {Message}
 */
function emailMessage(email, index) {
	return {
		at: email.sent_at,
		show() {
			const article = fromTemplate("#email");
			find(article, "[data-to]").textContent = email.to;
			const frame = find(article, "iframe", HTMLIFrameElement);
			frame.title = email.subject;
			frame.src = `/inbox/emails/${index}.html`;
			fill(article, email.subject, email.text, email.sent_at);
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
		at: letter.submitted_at,
		show() {
			const article = fromTemplate("#letter");
			const page = `/inbox/letters/${encodeURIComponent(letter.id)}`;
			find(article, "[data-pdf]", HTMLAnchorElement).href = `${page}.pdf`;
			find(article, "img", HTMLImageElement).src = `${page}.png`;
			fill(article, `to ${letter.address[0] ?? ""}`, letter.text, letter.submitted_at);
			return article;
		},
	};
}

/**
 * @param {HTMLElement} article
 * @param {string} subject
 * @param {string} text
 * @param {string} at
 */
function fill(article, subject, text, at) {
	find(article, "[data-subject]").textContent = subject;
	find(article, "pre").textContent = text;
	const time = find(article, "time", HTMLTimeElement);
	time.dateTime = at;
	time.textContent = new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
	const code = CODE.exec(text);
	if (code) offerToCopy(find(article, "[data-code]"), `${code[1]} ${code[2]}`);
}

/**
 * @param {HTMLElement} place
 * @param {string} code in two groups.
 */
function offerToCopy(place, code) {
	const button = find(place, "button");
	const said = find(place, "[role=status]");
	place.hidden = false;
	button.textContent = `Copy code ${code}`;
	button.addEventListener("click", async () => {
		try {
			await navigator.clipboard.writeText(code.replace(" ", ""));
			said.textContent = "Copied.";
		} catch {
			said.textContent = "The browser did not allow it: copy the digits by hand.";
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
