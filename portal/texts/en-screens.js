/** English texts of the other screens. */

/** @type {import("../types.js").ScreenTexts} */
export default {
	"field.present-pin": "Current PIN",
	"field.new-pin": "New 6-digit PIN",
	"field.confirmation": "Confirm the new PIN",
	"field.code": "6-digit code from your e-mail",
	"field.nir": "Social security number",
	"field.nir.hint": "13 characters, or 15 with the two-digit key, as shown on your Vitale card.",
	"field.birth-date": "Date of birth",
	"field.birth-date.hint": "For example, 14 03 1985.",
	"field.day": "Day",
	"field.month": "Month",
	"field.year": "Year",
	"field.postcode": "Postcode",
	"field.postcode.hint": "The postcode of the address your insurer has for you.",
	"field.iban": "Last 6 characters of the IBAN",
	"field.iban.hint": "The IBAN of the bank account your reimbursements are paid into.",
	"field.any-code": "Code",
	"field.any-code.hint": "6 digits from an e-mail, or 10 digits from a letter, like 48 29 13 05 67.",
	"field.birth-date.incomplete": "My date is incomplete",
	"field.birth-date.unknown": "If the day or the month is unknown, enter 00.",

	"forgotten-pin.title": "Forgotten PIN",
	"forgotten-pin.text":
		"We will send you a code by e-mail, or by letter if we do not have your e-mail address. With this code you create a new PIN.",
	"forgotten-pin.submit": "Send me a code",

	"code.title": "Enter the code from your e-mail",
	"code.sent": "If this identifier is correct, a 6-digit code that is valid until {time} will arrive by e-mail.",
	"code.expired": "The code has expired. Ask for another one.",
	"code.junk": "If you did not receive the e-mail, check your junk or spam folder.",
	"code.submit": "Verify",
	"code.nothing": "I received nothing",
	"code.again": "Ask for another code",
	"code.sent-again":
		"We have your request. If the identifier is correct, a new code will arrive by e-mail, and the previous one no longer works.",
	"code.by-letter.text":
		"Can’t read your e-mail any more? Ask for the code by letter. It will arrive within eight days.",
	"code.by-letter": "Send the code by letter",
	"code.check": "Has no e-mail arrived? Then check the identifier above. You must enter the code in this browser.",

	"confirm.title": "Confirm that it is you",
	"confirm.by-email":
		"You are using a new browser. To confirm your sign-in, enter the 6-digit code that is valid until {time} and will arrive by e-mail. The next time, this browser will need no code.",
	"confirm.by-letter":
		"You are using a new browser. A letter with a 10-digit code will arrive within eight days. Do you have it? Enter the code. If not, come back when you have it: sign in again with your identifier and your PIN, then enter the code.",
	"confirm.expired": "The code has expired. Go back to the sign-in to get another one.",
	"confirm.submit": "Confirm",
	"confirm.again": "Enter my PIN again, for another code",
	"confirm.other-pin": "Create another PIN",

	"letter-sent.title": "We have your request",
	"letter-sent.text":
		"If this identifier is correct, you will receive a letter with a 10-digit code within eight days.",
	"letter-sent.then":
		"When you have the letter, come back here and choose “I already have a code”. You can use the code until the end of {day} (Paris time).",
	"letter-sent.check": "Do you usually get our e-mails? Then check the identifier above.",
	"letter-sent.none": "Nothing after eight days? Call us on {helpline}.",

	"new-pin.title": "Create a new PIN",
	"new-pin.rules":
		"Choose 6 digits that are hard to guess. Don’t use a date of birth, a postcode, your previous PIN, a sequence like 123456 or a repeated digit like 111111.",
	"new-pin.submit": "Save",
	"new-pin.unanswered":
		"The service did not respond, but your new PIN may already be saved. Try again. If that doesn’t work, try to sign in with the new PIN.",
	"new-pin.lost": "For your security, reloading the page cancels a code you have already entered. Ask for a new code.",

	"pin-set.title": "Your PIN is saved",
	"pin-set.text": "You can now sign in with your identifier and your new PIN.",

	"pin-disabled.title": "Sign-in blocked",
	"pin-disabled.text": "For your security, after too many incorrect attempts, sign-in is blocked with this identifier:",
	"pin-disabled.then": "If it is correct, choose “Forgotten PIN” to create a new PIN.",

	"find-identifier.title": "Find my identifier",
	"find-identifier.text": "We use these details to recognise you. We do not keep them.",
	"find-identifier.submit": "Continue",
	"find-identifier.rare-date":
		"This date is in no calendar. If it is the one on your Vitale card, press Continue again.",

	"identifier-sent.title": "Check your e-mail",
	"identifier-sent.text":
		"We have sent an e-mail with your identifier to {email}. If you did not receive the e-mail, check your junk or spam folder.",
	"identifier-sent.limit":
		"We limit these e-mails. If you have asked several times today, check the e-mails you received before.",
	"identifier-sent.again": "Search again",
	"identifier-sent.lost": "Enter your details again.",

	"iban.title": "One last check",
	"iban.text": "To see your identifier, enter the last 6 characters of the IBAN your insurer has for you.",
	"iban.submit": "Show my identifier",
	"iban.again": "Correct my details",
	"iban.lost": "For your security, reloading the page ends the search. Enter your details again.",
	"iban.expired": "You ran out of time. Enter your details again.",
	"iban.check": "Do you get our e-mails? Then one of your details is not correct.",

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
	"member.passkeys": "My passkeys",
	"passkey.sign-in": "Use my passkey",
	"passkey.cancelled": "No passkey was used. You can try again, or use your PIN.",
	"passkey.added": "Your passkey is saved. Next time, you can sign in with one gesture.",
	"passkey.already": "This device already has a passkey for your area.",
	"passkey-offer.title": "Sign in without a code next time",
	"passkey-offer.text":
		"A passkey stays in this device. You unlock it as you unlock your device: with your fingerprint, your face or the code of the device. Your 6-digit PIN still works.",
	"passkey-offer.shared": "Do not create one on a device that other people unlock.",
	"passkey-offer.accept": "Create a passkey",
	"passkey-offer.decline": "No, thank you",
	"passkeys.title": "My passkeys",
	"passkeys.text": "A passkey signs you in without a PIN, from the device that holds it.",
	"passkeys.none": "You have no passkey.",
	"passkeys.since": "Added on {day}.",
	"passkeys.last-used": "Used on {day}.",
	"passkeys.delete": "Delete",
	"passkeys.deleted": "The passkey is deleted. Delete it in the device that holds it too.",
	"passkeys.add": "Add a passkey",
	"passkeys.back": "Back to my area",
	"passkeys.sign-in-again": "For your security, sign in again, then go back to “My passkeys”.",
	"field.passkey-name": "Name of the passkey",
	"field.passkey-name.hint": "Optional. For example: my phone.",
	"member.sign-out": "Sign out",
	"member.signed-out": "You have signed out.",
	"member.ended": "Your session has ended. Sign in again.",
	"member.sign-in-first": "Sign in to open your area.",

	"change-pin.title": "Change my PIN",
	"change-pin.done": "Your PIN has been changed. Sign in with your new PIN.",
	"change-pin.back": "Back to my area",
	"change-pin.wrong": "This is not your current PIN.",
	"change-pin.saved": "Your new PIN is saved.",

	"member.connections": "My connections",
	"connections.title": "My connections",
	"connections.text": "This is where your area is open. If you do not recognise a session, end it.",
	"connections.not-me": "This was not me",
	"connections.sessions": "Open sessions",
	"connections.devices": "Known browsers",
	"connections.devices.text":
		"You have signed in with these browsers before. A stranger’s wrong PINs do not lock you out there.",
	"connections.family": "{browser} on {system}",
	"connections.family.other": "Unknown browser",
	"connections.times": "Since {since}. Last used on {last} at {time}.",
	"connections.present": "You are using it now.",
	"connections.end": "End this session",
	"connections.end-all": "Sign out everywhere, here too",
	"connections.ended": "The session has ended. A page that is open there may still answer for 15 minutes.",
	"connections.all-ended": "All your sessions have ended.",
	"connections.forget": "Forget this browser",
	"connections.forgotten": "The browser is forgotten.",
	"connections.email.bounced":
		"Our e-mails no longer reach you: they come back. Give your insurer another address. Until then, our codes come by letter.",
	"connections.email.complained":
		"One of our e-mails was reported as spam, so we send you none for the moment. Our codes come by letter.",
	"connections.email.none":
		"We do not know your e-mail address: our codes come by letter, and we cannot tell you of a change by e-mail.",

	"not-me.title": "This was not me",
	"not-me.text": "If someone else has signed in to your area, block everything:",
	"not-me.sessions": "all sessions end, this one too, and all browsers are forgotten;",
	"not-me.pin": "your PIN no longer works: no one can sign in with it;",
	"not-me.code": "we send you a code to create another PIN.",
	"not-me.letter": "The code comes by e-mail or, if we do not know your e-mail address, by letter within 8 days.",
	"not-me.submit": "Block everything",
	"not-me.back": "Back to my connections",
	"not-me.done": "Your PIN no longer works, and all sessions have ended.",
	"not-me.no-code": "Your PIN no longer works, and all sessions have ended. No code could be sent: ask for one here.",
	"not-me.unanswered":
		"We do not know whether everything is blocked. Try again; if your area has closed, choose “Forgotten PIN”.",

	"session-ends.title": "Are you still there?",
	"session-ends.text": "For your security, your session is about to end.",
	"session-ends.remaining": "{time} left.",
	"session-ends.stay": "Stay signed in",

	"form.one-needed": "This field is required.",

	"steps.request": "Step 1 of 3",
	"steps.code": "Step 2 of 3",
	"steps.new-pin": "Step 3 of 3",

	"identifier.wrong": "Not the right one?",
	"identifier.correct": "Correct it",

	"missing.present-pin": "Enter your current PIN.",
	"missing.new-pin": "Enter the new PIN.",
	"missing.confirmation": "Enter the new PIN a second time.",
	"missing.code": "Enter the code.",
	"missing.nir": "Enter your social security number.",
	"missing.birth-date": "Enter your date of birth.",
	"missing.postcode": "Enter your postcode.",
	"missing.iban": "Enter the last 6 characters of your IBAN.",

	"first-visit.title": "First visit",
	"first-visit.text":
		"We will send you a code by e-mail, or by letter if we do not have your e-mail address. With this code you create your 6-digit PIN.",

	"reset.too-early": "You cannot ask for another code yet.",
	"reset.have-code": "Enter the code I already have",
	"reset.again-later": "You can ask for another code in {time}.",

	"tries.code.one": "You have 1 try left with this code.",
	"tries.code.several": "You have {count} tries left with this code.",
	"tries.day.none": "You have no try left today.",
	"tries.day.one": "You have 1 try left today.",
	"tries.day.several": "You have {count} tries left today.",

	"have-code.title": "I already have a code",
	"have-code.text":
		"Enter your identifier and the code from the e-mail or the letter. Enter a code from an e-mail in the browser where you asked for it.",
	"have-code.none": "I have no code",
};
