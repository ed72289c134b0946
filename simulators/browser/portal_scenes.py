"""Plays every screen of the portal in every state, for tests and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from identifier.contract import NotRecognised
from member_access.api.refusals import InvalidRequest, TryLater
from member_access.errors import FieldError
from member_access.pin_verification import InvalidCredentials, PinDisabled
from member_access.recovery.invalid_code import InvalidCode
from member_access.throttling.guard import TooManyAttempts
from reset.contract import WeakPin
from simulators.scripted_api import CODE, IDENTIFIER, LETTER, SCREEN, ScriptedApi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.browser.portal import Visitor

PIN = "738264"
WAIT = TooManyAttempts(retry_after=60)
TRY_LATER = TryLater(retry_after=60)
MINUTE = 60_000


@dataclass
class Scene:
    """A visitor and the scripted API."""

    visitor: Visitor
    api: ScriptedApi
    url: str

    def at(self, screen: str) -> None:
        """Open a screen by its address."""
        self.visitor.visit(f"{self.url}#/{screen}")

    def sign_in(self) -> None:
        self.visitor.visit(self.url)
        self.visitor.sees(self.visitor.words.sign_in_title)

    def empty_form(self) -> None:
        self.sign_in()
        missing = (FieldError("/identifier", "missing"), FieldError("/pin", "missing"))
        self.api.refuses("/login", InvalidRequest(fields=missing))
        self.visitor.press(self.visitor.words.sign_in)
        self.visitor.page.get_by_text(self.visitor.words.required).first.wait_for()

    def wrong_pin(self) -> None:
        self.sign_in()
        self.api.refuses("/login", InvalidCredentials(tries_left=2))
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.page.locator(".alert").wait_for()

    def last_tries(self) -> None:
        self.sign_in()
        self.api.refuses("/login", TooManyAttempts(retry_after=3600, tries_left=1))
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.page.get_by_role("timer").wait_for()

    def busy(self) -> None:
        self.sign_in()
        self.api.hold()
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.page.locator("[aria-busy=true]").wait_for()

    def letters_for_digits(self) -> None:
        self.sign_in()
        self.visitor.field(self.visitor.words.pin).press_sequentially("12o4")
        self.visitor.page.locator(".field-note", has_text=" ").wait_for()

    def wait(self) -> None:
        self.sign_in()
        self.api.refuses("/login", WAIT)
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.page.get_by_role("timer").wait_for()

    def keypad(self) -> None:
        self.sign_in()
        self.visitor.press(self.visitor.words.keypad)
        self.visitor.press(self.visitor.words.show_digits)
        self.visitor.page.get_by_role("button", name="7", exact=True).click()

    def no_answer(self) -> None:
        self.sign_in()
        self.api.is_cut_off(cut=True)
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.page.get_by_role("button", name=self.visitor.words.retry).wait_for()

    def try_later(self) -> None:
        self.sign_in()
        self.api.refuses("/login", TRY_LATER)
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.reads(self.visitor.words.try_later)

    def internal_error(self) -> None:
        self.sign_in()
        self.api.fails("/login")
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.reads(self.visitor.words.call_us)

    def slow(self) -> None:
        self.visitor.page.clock.install()
        self.sign_in()
        self.api.hold()
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.page.clock.fast_forward(6000)
        self.visitor.reads(self.visitor.words.slow)

    def pin_disabled(self) -> None:
        self.sign_in()
        self.api.refuses("/login", PinDisabled())
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.sees(self.visitor.words.disabled_title)

    def confirm(self) -> None:
        self.sign_in()
        self.api.answers("/login", 202, CODE)
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.sees(self.visitor.words.confirm_title)

    def wrong_confirmation(self) -> None:
        self.confirm()
        self.api.refuses("/login/confirm", InvalidCode(tries_left=4))
        self.visitor.fill(self.visitor.words.any_code, "482913")
        self.visitor.press(self.visitor.words.confirm)
        self.visitor.page.locator(".error-summary").wait_for()

    def confirm_by_letter(self) -> None:
        self.sign_in()
        self.api.answers("/login", 202, LETTER)
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.sees(self.visitor.words.confirm_title)

    def forgotten_pin(self) -> None:
        self.at("forgotten-pin")
        self.visitor.sees(self.visitor.words.forgotten_pin)

    def first_visit(self) -> None:
        self.at("first-visit")
        self.visitor.sees(self.visitor.words.first_visit)

    def code(self) -> None:
        self.forgotten_pin()
        self.visitor.fill(self.visitor.words.identifier, IDENTIFIER)
        self.visitor.press(self.visitor.words.get_code)
        self.visitor.sees(self.visitor.words.code_title)

    def wrong_code(self) -> None:
        self.code()
        self.api.refuses("/reset/verify", InvalidCode(tries_left=4))
        self.visitor.fill(self.visitor.words.email_code, "482913")
        self.visitor.press(self.visitor.words.verify)
        self.visitor.page.locator(".error-summary").wait_for()

    def nothing_received(self) -> None:
        self.code()
        self.visitor.page.get_by_text(self.visitor.words.nothing).click()
        self.visitor.page.get_by_role("button", name=self.visitor.words.by_letter).wait_for()

    def too_early(self) -> None:
        self.forgotten_pin()
        self.api.refuses("/reset", TooManyAttempts(retry_after=58))
        self.visitor.fill(self.visitor.words.identifier, IDENTIFIER)
        self.visitor.press(self.visitor.words.get_code)
        self.visitor.page.get_by_role("timer").wait_for()

    def code_expired(self) -> None:
        self.visitor.page.clock.install()
        self.code()
        self.visitor.page.clock.fast_forward("10:01")
        self.visitor.reads(self.visitor.words.code_expired)

    def code_sent_again(self) -> None:
        self.visitor.page.clock.install()
        self.code()
        self.visitor.page.clock.fast_forward("01:01")
        self.visitor.page.get_by_text(self.visitor.words.nothing).click()
        self.visitor.press(self.visitor.words.send_again)
        self.visitor.reads(self.visitor.words.sent_again)

    def letter_sent(self) -> None:
        self.api.answers("/reset", 202, LETTER)
        self.forgotten_pin()
        self.visitor.fill(self.visitor.words.identifier, IDENTIFIER)
        self.visitor.press(self.visitor.words.get_code)
        self.visitor.sees(self.visitor.words.letter_title)

    def have_code(self) -> None:
        self.at("have-code")
        self.visitor.sees(self.visitor.words.have_code)

    def new_pin(self) -> None:
        self.code()
        self.visitor.fill(self.visitor.words.email_code, "482913")
        self.visitor.press(self.visitor.words.verify)
        self.visitor.sees(self.visitor.words.new_pin_title)

    def weak_pin(self) -> None:
        self.new_pin()
        self.api.refuses("/reset/pin", WeakPin(fields=(FieldError("/pin", "pin-common"),)))
        self.visitor.fill(self.visitor.words.new_pin, "123456")
        self.visitor.fill(self.visitor.words.confirmation, "123456")
        self.visitor.press(self.visitor.words.save)
        self.visitor.page.locator(".field-error").wait_for()

    def pin_set(self) -> None:
        self.new_pin()
        self.visitor.fill(self.visitor.words.new_pin, PIN)
        self.visitor.fill(self.visitor.words.confirmation, PIN)
        self.visitor.press(self.visitor.words.save)
        self.visitor.sees(self.visitor.words.saved_title)

    def find_identifier(self) -> None:
        self.at("find-identifier")
        self.visitor.sees(self.visitor.words.find_identifier)

    def wrong_identity(self) -> None:
        self.find_identifier()
        wrong = (FieldError("/nir", "nir-key"), FieldError("/birth_date", "birth-date"))
        self.api.refuses("/identifier", InvalidRequest(fields=wrong))
        self._describe()
        self.visitor.page.locator(".field-error").first.wait_for()

    def rare_date(self) -> None:
        self.find_identifier()
        self._describe(month="13")
        self.visitor.page.locator(".field-error").wait_for()

    def identifier_sent(self) -> None:
        self.find_identifier()
        self._describe()
        self.visitor.sees(self.visitor.words.mail_title)

    def iban(self) -> None:
        self.api.answers("/identifier", 200, SCREEN)
        self.find_identifier()
        self._describe()
        self.visitor.sees(self.visitor.words.iban_title)

    def wrong_iban(self) -> None:
        self.iban()
        self.api.refuses("/identifier/iban", NotRecognised(tries_left=1))
        self.visitor.fill(self.visitor.words.iban, "020291")
        self.visitor.press(self.visitor.words.show_identifier)
        self.visitor.page.locator(".error-summary").wait_for()

    def identifier_found(self) -> None:
        self.iban()
        self.visitor.fill(self.visitor.words.iban, "020291")
        self.visitor.press(self.visitor.words.show_identifier)
        self.visitor.sees(self.visitor.words.found_title)

    def identifier_copied(self) -> None:
        self.visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.identifier_found()
        self.visitor.press(self.visitor.words.copy)
        self.visitor.reads(self.visitor.words.copied)

    def member(self) -> None:
        self.sign_in()
        self.visitor.sign_in(IDENTIFIER, PIN)
        self.visitor.sees(self.visitor.words.area_title)

    def change_pin(self) -> None:
        self.member()
        self.visitor.press(self.visitor.words.change_pin)
        self.visitor.sees(self.visitor.words.change_pin)

    def passkeys(self) -> None:
        self.member()
        self.visitor.press(self.visitor.words.passkeys)
        self.visitor.sees(self.visitor.words.passkeys)

    def no_passkeys(self) -> None:
        self.api.answers("/passkeys", 200, {"passkeys": []})
        self.passkeys()

    def passkey_offer(self) -> None:
        self.member()
        self.at("passkey-offer")
        self.visitor.sees(self.visitor.words.passkey_offer)

    def wrong_present_pin(self) -> None:
        self.change_pin()
        self.api.refuses("/pin", InvalidCredentials(tries_left=1))
        for label in (self.visitor.words.present_pin, self.visitor.words.new_pin, self.visitor.words.confirmation):
            self.visitor.fill(label, PIN)
        self.visitor.press(self.visitor.words.save)
        self.visitor.page.locator(".field-error").wait_for()

    def connections(self) -> None:
        self.member()
        self.visitor.press(self.visitor.words.connections)
        self.visitor.sees(self.visitor.words.connections)

    def connections_without_email(self) -> None:
        self.api.answers("/account", 200, {"email": "bounced"})
        self.connections()
        self.visitor.page.locator(".notice-warning").wait_for()

    def session_not_ended(self) -> None:
        self.connections()
        self.api.refuses("DELETE /sessions/{id}", TRY_LATER)
        self.visitor.press(self.visitor.words.end_session)
        self.visitor.reads(self.visitor.words.try_later)

    def not_me(self) -> None:
        self.connections()
        self.visitor.press(self.visitor.words.not_me)
        self.visitor.sees(self.visitor.words.not_me)

    def not_me_unanswered(self) -> None:
        self.not_me()
        self.api.is_cut_off(cut=True)
        self.visitor.press(self.visitor.words.block)
        self.visitor.page.get_by_role("button", name=self.visitor.words.retry).wait_for()

    def blocked(self) -> None:
        self.not_me()
        self.visitor.press(self.visitor.words.block)
        self.visitor.reads(self.visitor.words.blocked)

    def blocked_without_code(self) -> None:
        self.api.answers("/account/not-me", 202, {"resend_after": 0})
        self.not_me()
        self.visitor.press(self.visitor.words.block)
        self.visitor.sees(self.visitor.words.forgotten_pin)

    def session_ends(self) -> None:
        self.visitor.page.clock.install()
        self.member()
        self.visitor.page.clock.fast_forward(29 * MINUTE)
        self.visitor.page.get_by_role("dialog").wait_for()

    def session_not_prolonged(self) -> None:
        self.session_ends()
        self.api.is_cut_off(cut=True)
        self.visitor.press(self.visitor.words.stay)
        self.visitor.reads(self.visitor.words.unreachable)

    def session_refused(self) -> None:
        self.member()
        self.api.refuses("/login/refresh", TRY_LATER)
        self.visitor.page.reload()
        self.visitor.sees(self.visitor.words.unreachable_title)
        self.visitor.reads(self.visitor.words.try_later)

    def signed_out(self) -> None:
        self.member()
        self.visitor.press(self.visitor.words.sign_out)
        self.visitor.reads(self.visitor.words.signed_out)

    def slow_screen(self) -> None:
        self.visitor.page.clock.install()
        self.sign_in()
        # No answer and no refusal.
        self.visitor.page.route("**/screens/forgotten-pin.html", lambda _: None)
        with self.visitor.page.expect_request("**/screens/forgotten-pin.html"):
            self.visitor.press(self.visitor.words.forgotten_pin)
        self.visitor.page.clock.run_for(6000)
        self.visitor.reads(self.visitor.words.slow)

    def unreachable(self) -> None:
        self.sign_in()
        self.visitor.page.route("**/screens/forgotten-pin.*", lambda route: route.abort("internetdisconnected"))
        self.visitor.press(self.visitor.words.forgotten_pin)
        self.visitor.sees(self.visitor.words.unreachable_title)

    def _describe(self, month: str = "6") -> None:
        words = self.visitor.words
        self.visitor.fill(words.nir, "1 72 06 33 063 017 25")
        for label, text in ((words.day, "30"), (words.month, month), (words.year, "1972"), (words.postcode, "33000")):
            self.visitor.fill(label, text)
        self.visitor.press(words.find)


SCENES: Mapping[str, Callable[[Scene], None]] = {
    name: scene for name, scene in vars(Scene).items() if callable(scene) and not name.startswith("_") and name != "at"
}
