import assert from "node:assert/strict";
import { test } from "node:test";

import { sentenceIn } from "../../../portal/api-sentences.js";

const inEnglish = (sentence) => sentenceIn(sentence, "en", "en-GB");

for (const [french, english] of [
	["Ce champ est obligatoire.", "This field is required."],
	["Trop de tentatives", "Too many attempts"],
	[
		"Le service est momentanément indisponible. Réessayez dans 1 heure 5 minutes.",
		"The service is temporarily unavailable. Try again in 1 hour 5 minutes.",
	],
	[
		"Le service est momentanément indisponible. Réessayez dans 45 secondes.",
		"The service is temporarily unavailable. Try again in 45 seconds.",
	],
]) {
	test(`“${english}” is said in both languages`, () => {
		assert.equal(inEnglish(french), english);
		assert.equal(sentenceIn(english, "fr", "fr-FR").replaceAll("\u00a0", " "), french);
	});
}

test("the wait that the insurer promises is said in words", () => {
	const promised = "Par mesure de sécurité, vous devez patienter 1mn avant une nouvelle tentative";
	assert.equal(inEnglish(promised), "For your security, you must wait 1 minute before trying again");
});

test("a sentence of a newer API stays as it came", () => {
	assert.equal(inEnglish("Une phrase nouvelle."), undefined);
});
