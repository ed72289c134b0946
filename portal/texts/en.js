/** English texts of the sign-in screen, and of failures on every screen. */

/** @type {import("../types.js").FirstTexts} */
export default {
	"page.area": "Member area",
	"page.skip": "Skip to content",
	"page.back": "Back to sign-in",
	"page.other-language": "Français",
	"page.help": "Need help? Call us on {helpline}.",

	"field.identifier": "Identifier",
	"field.identifier.hint": "6 to 12 letters or digits. You can find it on the letters we send you.",
	"field.pin": "6-digit PIN",
	"field.digits-only": "This field takes digits only.",
	"field.digits-most": "This field takes at most {count} digits.",

	"keypad.toggle": "On-screen keypad",
	"keypad.clear": "Clear all",
	"keypad.back": "Delete last digit",
	"keypad.goal": "These keys fill in: {field}.",

	"sign-in.title": "Sign in",
	"sign-in.submit": "Sign in",
	"sign-in.ways": "I can’t sign in",
	"sign-in.forgotten-pin": "Forgotten PIN",
	"sign-in.find-identifier": "Find my identifier",
	"sign-in.needed": "Identifier and PIN are required.",
	"sign-in.remember": "Remember my identifier on this device",
	"sign-in.first-visit": "First visit",
	"sign-in.forgotten-pin.question": "Forgotten your PIN?",
	"sign-in.have-code": "I already have a code",

	"wait.remaining": "You can try again in {time}.",
	"wait.over": "You can try again now.",
	"problem.sending": "One moment…",
	"problem.slow": "This is taking a while because your connection is slow. Please wait.",
	"problem.offline": "You seem to be offline. Check your internet connection, then try again.",
	"problem.no-answer": "The service is not responding. Try again in a moment; you won’t have to type anything again.",
	"problem.title.no-answer": "No response",
	"problem.call": "If this happens again, call us on {helpline}.",
	"problem.retry": "Try again",
	"unreachable.title": "This page could not be loaded",
	"unreachable.no-answer": "The service is not responding. Try again in a moment.",

	"form.all-needed": "All fields are required.",

	"pin.show": "Show",
	"pin.hide": "Hide",
	"pin.shown": "The digits are shown.",
	"pin.hidden": "The digits are hidden.",

	"missing.identifier": "Enter your identifier.",
	"missing.pin": "Enter your PIN.",

	"errors.title": "Please correct the following",
	"errors.prefix": "Error: ",

	"tries.wait.one": "You have 1 try left before a wait.",
	"tries.wait.several": "You have {count} tries left before a wait.",
	"tries.block.one": "You have 1 try left before sign-in is blocked.",
	"tries.block.several": "You have {count} tries left before sign-in is blocked.",
};
