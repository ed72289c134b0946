/** Keeps words in one piece that browsers break at a hyphen. */

const WORDS = /(e-mails?)/i;

/**
 * @param {string} text
 * @returns {(string | HTMLElement)[]} the text, with each such word in an element that does not wrap.
 */
export function unbroken(text) {
	return text.split(WORDS).map((part) => {
		if (!WORDS.test(part)) return part;
		const word = document.createElement("span");
		word.className = "unbroken";
		word.textContent = part;
		return word;
	});
}
