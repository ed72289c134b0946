/** What the page says in English: the sign-in, and failures. */

/** @type {import("../types.js").FirstTexts} */
export default {
	"page.area": "Member area",
	"page.skip": "Skip to content",
	"page.back": "Back to sign-in",
	"page.other-language": "Français",
	"page.help": "Need help? Call us on {helpline}.",

	"field.identifier": "Identifier",
	"field.identifier.hint": "6 to 12 letters or digits: it is on the letters we send you.",
	"field.pin": "6-digit PIN",

	"keypad.show": "Show the digits",
	"keypad.toggle": "On-screen keypad",
	"keypad.clear": "Clear all",
	"keypad.back": "Delete last digit",

	"sign-in.title": "Sign in",
	"sign-in.submit": "Sign in",
	"sign-in.ways": "I cannot sign in",
	"sign-in.forgotten-pin": "Forgotten PIN",
	"sign-in.letter": "I have received my letter",
	"sign-in.find-identifier": "Find my identifier",

	"wait.remaining": "You can try again in {time}.",
	"wait.over": "You can try again now.",
	"problem.sending": "One moment…",
	"problem.slow": "The answer is taking a long time: the connection is slow. We are still waiting.",
	"problem.offline": "You seem to be offline. Check your Internet access, then try again.",
	"problem.no-answer": "The service does not answer. You need not type anything again: try again in a moment.",
	"problem.title.no-answer": "No answer",
	"problem.call": "If this happens again, call us on {helpline}.",
	"problem.retry": "Try again",
	"unreachable.title": "This page could not be loaded",
};
