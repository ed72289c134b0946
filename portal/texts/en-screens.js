/** English texts of the other screens. */

/** @type {import("../types.js").ScreenTexts} */
export default {
	"field.present-pin": "Current PIN",
	"field.new-pin": "New 6-digit PIN",
	"field.confirmation": "Confirm the new PIN",
	"field.code": "6-digit code from your e-mail",
	"field.code.hint": "Enter it here, in the browser where you asked for it.",
	"field.letter-code": "10-digit code from your letter",
	"field.letter-code.hint": "It is printed in pairs of digits, like 48 29 13 05 67.",
	"field.nir": "Social security number",
	"field.nir.hint": "13 characters, or 15 with the two-digit key, as shown on your Vitale card.",
	"field.birth-date": "Date of birth",
	"field.birth-date.hint": "For example, 14 03 1985. If the day or the month is unknown, enter 00.",
	"field.day": "Day",
	"field.month": "Month",
	"field.year": "Year",
	"field.postcode": "Postcode",
	"field.postcode.hint": "The postcode of the address your insurer has for you.",
	"field.iban": "Last 6 characters of the IBAN",
	"field.iban.hint": "The IBAN of the bank account your reimbursements are paid into.",

	"forgotten-pin.title": "Forgotten PIN",
	"forgotten-pin.text":
		"We will send you a single-use code by e-mail, or by letter if we do not have your e-mail address. Use the code to create a new PIN.",
	"forgotten-pin.submit": "Send me a code",

	"code.title": "Enter the code from your e-mail",
	"code.sent":
		"If the identifier {identifier} is correct, we have just sent a 6-digit code to the e-mail address we have for you.",
	"code.expiry": "You can use it until {time}.",
	"code.expired": "This code has expired. Ask for a new one.",
	"code.junk": "If you did not receive the e-mail, check your junk or spam folder.",
	"code.submit": "Verify",
	"code.nothing": "Didn’t get a code?",
	"code.again": "Send another code",
	"code.sent-again": "We have just sent a new code. The previous one no longer works.",
	"code.again-later": "You can ask for a new code in {time}.",
	"code.by-letter.text":
		"Can’t read your e-mail any more? We can send the code by letter instead. It will arrive within eight days.",
	"code.by-letter": "Send the code by letter",
	"code.other": "Use another identifier",
	"code.lost": "Ask for a code first.",

	"letter-sent.title": "Your letter is on its way",
	"letter-sent.text":
		"If the identifier {identifier} is correct, we will send a letter with a single-use code to the postal address we have for you. You will receive it within eight days.",
	"letter-sent.then":
		"When you have received it, come back to this page, choose “I have received my letter”, and enter your identifier and the code.",
	"letter-sent.expiry": "You can use the code until {date}.",

	"letter.title": "I have received my letter",
	"letter.text": "Enter your identifier and the single-use code from the letter.",
	"letter.none": "I have not received a letter",

	"new-pin.title": "Create a new PIN",
	"new-pin.rules":
		"Choose six digits that are hard to guess. Don’t use a date of birth, a postcode, a sequence like 123456 or a repeated digit like 111111.",
	"new-pin.submit": "Save",
	"new-pin.unanswered":
		"The service did not respond, but your new PIN may already be saved. Try again. If that doesn’t work, try to sign in with the new PIN.",
	"new-pin.lost": "For your security, reloading the page cancels a code you have already entered. Ask for a new code.",

	"pin-set.title": "Your PIN is saved",
	"pin-set.text": "You can now sign in with your identifier and your new PIN.",

	"pin-disabled.title": "PIN disabled",
	"pin-disabled.text":
		"For your security, your PIN has been disabled after too many incorrect attempts. Choose “Forgotten PIN” to create a new one.",

	"find-identifier.title": "Find my identifier",
	"find-identifier.text": "We use these details to recognise you. We do not keep them.",
	"find-identifier.submit": "Continue",

	"identifier-sent.title": "Check your e-mail",
	"identifier-sent.text":
		"We have sent an e-mail with your identifier to {email}. If you did not receive the e-mail, check your junk or spam folder.",
	"identifier-sent.again": "Search again",
	"identifier-sent.lost": "Enter your details again.",

	"iban.title": "One last check",
	"iban.text": "To see your identifier, enter the last 6 characters of the IBAN your insurer has for you.",
	"iban.submit": "Show my identifier",
	"iban.again": "Correct my details",
	"iban.lost": "For your security, reloading the page ends the search. Enter your details again.",
	"iban.expired": "You ran out of time. Enter your details again.",

	"identifier-found.title": "Your identifier",
	"identifier-found.text": "Write it down. You will need it each time you sign in.",
	"identifier-found.copy": "Copy",
	"identifier-found.copied": "Your identifier has been copied.",
	"identifier-found.not-copied": "Your browser did not allow copying. Select the identifier and copy it yourself.",

	"member.title": "Your area",
	"member.signed-in": "You are signed in with the identifier {identifier}.",
	"member.demonstration":
		"Demonstration: in the place of the examples below, your insurer leads you to its own services.",
	"member.example.refunds": "Example: my refunds",
	"member.example.card": "Example: my third-party payment card",
	"member.example.contract": "Example: my contract",
	"member.example.documents": "Example: my documents",
	"member.change-pin": "Change my PIN",
	"member.sign-out": "Sign out",
	"member.signed-out": "You have signed out.",
	"member.ended": "Your session has ended. Sign in again.",
	"member.sign-in-first": "Sign in to open your area.",

	"change-pin.title": "Change my PIN",
	"change-pin.done": "Your PIN has been changed. Sign in with your new PIN.",
	"change-pin.back": "Back to my area",

	"session-ends.title": "Are you still there?",
	"session-ends.text": "For your security, your session is about to end.",
	"session-ends.remaining": "{time} left.",
	"session-ends.stay": "Stay signed in",
};
