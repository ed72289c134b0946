/** Says a sentence of the API in the other language, for a member who changes the language while it is shown. */

/** @import { LanguageCode } from "./types.js" */

import { durationText } from "./durations.js";
import SENTENCES from "./texts/api-sentences.js";

const PLACEHOLDER = /\{\w+\}/;
const LENGTHS = { h: 3_600_000, m: 60_000, s: 1000 };

/**
 * @param {string} sentence as the API sent it.
 * @param {LanguageCode} code the language to say it in.
 * @param {string} locale the BCP 47 tag for its waits.
 * @returns {string | undefined} nothing for a sentence that this page does not know: a newer API may send others.
 */
export function sentenceIn(sentence, code, locale) {
	for (const { fr, en } of SENTENCES) {
		const [from, to] = code === "fr" ? [en, fr] : [fr, en];
		const [before = "", after] = from.split(PLACEHOLDER);
		if (after === undefined ? sentence === from : sentence.startsWith(before) && sentence.endsWith(after)) {
			const wait = sentence.slice(before.length, sentence.length - (after ?? "").length);
			return to.replace(PLACEHOLDER, () => durationText(millisecondsOf(wait), locale));
		}
	}
	return undefined;
}

/**
 * @param {string} wait a wait in words, in either language: `1 heure 5 minutes`, `1mn`.
 * @returns {number}
 */
function millisecondsOf(wait) {
	const lengths = [...wait.matchAll(/(\d+)\s*([hms])/g)].map(
		([, number, unit]) => Number(number) * LENGTHS[/** @type {keyof typeof LENGTHS} */ (unit)],
	);
	return lengths.reduce((sum, length) => sum + length, 0);
}
