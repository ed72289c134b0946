/** What the other screens say in English. */

/** @type {import("../types.js").ScreenTexts} */
export default {
	"field.present-pin": "Current PIN",
	"field.new-pin": "New 6-digit PIN",
	"field.confirmation": "Confirm the new PIN",
	"field.code": "6-digit code received by e-mail",
	"field.letter-code": "6-digit code from your letter",
	"field.nir": "Social-security number",
	"field.nir.hint": "13 characters, or 15 with the key, as on your Vitale card.",
	"field.birth-date": "Birth date",
	"field.birth-date.hint": "For example 14 03 1985. If the day or the month is unknown, type 00.",
	"field.day": "Day",
	"field.month": "Month",
	"field.year": "Year",
	"field.postcode": "Postcode",
	"field.postcode.hint": "Of the address that your insurer knows.",
	"field.iban": "Last 6 characters of the IBAN",
	"field.iban.hint": "Of the account that your benefits are paid to.",

	"forgotten-pin.title": "Forgotten PIN",
	"forgotten-pin.text":
		"We send you a single-use code, by e-mail or, where we know no e-mail address of yours, by letter. With it you create a new PIN.",
	"forgotten-pin.submit": "Send me a code",

	"code.title": "Type the code received by e-mail",
	"code.sent":
		"If the identifier {identifier} is right, a 6-digit code has just been sent to the e-mail address that we know.",
	"code.expiry": "It works until {time}.",
	"code.expired": "It no longer works: ask for a new one.",
	"code.junk": "If you did not receive the e-mail, look in your junk or spam folder.",
	"code.submit": "Verify",
	"code.nothing": "Nothing has come?",
	"code.again": "Send another code",
	"code.sent-again": "A new code has just been sent; the one before no longer works.",
	"code.again-later": "You can ask for a new code in {time}.",
	"code.by-letter.text": "Can you no longer read that mailbox? The code can come by letter, within eight days.",
	"code.by-letter": "Send the code by letter",
	"code.other": "Use another identifier",
	"code.lost": "First ask for a code.",

	"letter-sent.title": "Your letter is on its way",
	"letter-sent.text":
		"If the identifier {identifier} is right, a letter with a single-use code is sent to the postal address that we know. You will receive it within eight days.",
	"letter-sent.then":
		"When you have received it, come back to this page and choose “I have received my letter”, with your identifier and the code.",
	"letter-sent.expiry": "The code works until {date}.",

	"letter.title": "I have received my letter",
	"letter.text": "Type your identifier and the single-use code that is on the letter.",
	"letter.none": "I have not received a letter",

	"new-pin.title": "Create a new PIN",
	"new-pin.rules":
		"Six digits that nobody guesses: no birth date, no postcode, no sequence like 123456 or repetition like 111111.",
	"new-pin.submit": "Save",
	"new-pin.unanswered":
		"The service did not answer. Your new PIN may be saved already: try again or, if it is refused, try to sign in with it.",
	"new-pin.lost": "For your security, a verified code cannot be kept when the page is reloaded. Ask for a new code.",

	"pin-set.title": "Your PIN is saved",
	"pin-set.text": "You can now sign in with your identifier and your new PIN.",

	"pin-disabled.title": "PIN disabled",
	"pin-disabled.text":
		"For your security, your PIN has been disabled after too many wrong entries. Choose “Forgotten PIN” to create a new one.",

	"find-identifier.title": "Find my identifier",
	"find-identifier.text": "This lets us recognise you. None of it is kept.",
	"find-identifier.submit": "Continue",

	"identifier-sent.title": "Look at your e-mails",
	"identifier-sent.text":
		"An e-mail with your identifier has been sent to {email}. If you did not receive the e-mail, look in your junk or spam folder.",
	"identifier-sent.again": "Search again",
	"identifier-sent.lost": "Type your details again.",

	"iban.title": "One last check",
	"iban.text": "To show your identifier, give the end of the IBAN that your insurer knows.",
	"iban.submit": "Show my identifier",
	"iban.again": "Correct my details",
	"iban.lost": "For your security, the search cannot be kept when the page is reloaded. Type your details again.",
	"iban.expired": "The time to answer is over. Type your details again.",

	"identifier-found.title": "Your identifier",
	"identifier-found.text": "Write it down: you need it whenever you sign in.",
	"identifier-found.copy": "Copy",
	"identifier-found.copied": "The identifier is copied.",
	"identifier-found.not-copied": "Your browser did not allow copying: select the identifier by hand.",

	"member.title": "Your area",
	"member.signed-in": "You are signed in with the identifier {identifier}.",
	"member.placeholder": "Your insurer’s services take their place here.",
	"member.change-pin": "Change my PIN",
	"member.sign-out": "Sign out",
	"member.signed-out": "You are signed out.",
	"member.ended": "Your session has ended. Sign in again.",
	"member.sign-in-first": "Sign in to enter your area.",

	"change-pin.title": "Change my PIN",
	"change-pin.done": "Your PIN is changed. Sign in with the new one.",
	"change-pin.back": "Back to my area",

	"session-ends.title": "Are you still there?",
	"session-ends.text": "For your security, your session is about to end.",
	"session-ends.remaining": "{time} left.",
	"session-ends.stay": "Stay signed in",
};
