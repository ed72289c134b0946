"""What a virtual screen reader says on the journeys, compared with the transcripts in ``transcripts/``.

A change of words, order or roles shows in their diff. To write them again after one::

    REWRITE_GOLDEN=1 python -m pytest tests/portal/test_transcripts.py

which fails on purpose for every transcript that it changed: read the diff, and run it again.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from identifier.contract import NotRecognised
from member_access.api.refusals import InvalidRequest
from member_access.errors import FieldError
from member_access.pin_verification import InvalidCredentials
from member_access.recovery.invalid_code import InvalidCode
from reset.contract import WeakPin
from simulators.browser.portal import ENGLISH, FRENCH
from simulators.browser.portal_scenes import MINUTE, PIN, WAIT
from simulators.scripted_api import CODE, IDENTIFIER, LETTER, SCREEN
from tests.support.screen_reader import ScreenReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.browser.portal import Words
    from simulators.browser.portal_scenes import Scene
    from tests.portal.conftest import OpenScene

pytestmark = pytest.mark.needs("npm")

TRANSCRIPTS = Path(__file__).parent / "transcripts"
RUNNING = re.compile(r"\b\d+ (?:minute|seconde|second)s?\b")
"""What is left of a wait or a session, which runs while the reader reads."""
NOON = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


class Journey:
    """Writes down what is said at each step of a journey."""

    def __init__(self, scene: Scene) -> None:
        self.visitor, self.api, self.words = scene.visitor, scene.api, scene.visitor.words
        self.lines: list[str] = []
        self._scene = scene
        self._reader = ScreenReader(scene.visitor.page)

    def opens(self, screen: str, title: str) -> None:
        """Come by an address, and read the whole page."""
        self._scene.at(screen)
        self.visitor.sees(title)
        self._settle()
        self.lines += [f"# {title}", *self._reader.read("body")]

    def does(self, what: str, act: Callable[[], None], *, until: Callable[[], None], then_reads: str = "main") -> None:
        """Act, wait until the effect shows, and read the content.

        In brackets stands what the page said by itself, and where it put the focus.
        """
        self._reader.listen()
        act()
        until()
        self._settle()
        heard, focused = self._reader.heard(), self._reader.focused()
        said = [*(f"({phrase})" for phrase in heard), f"(focus: {focused})", *self._reader.read(then_reads)]
        self.lines += ["", f"# {what}", *(RUNNING.sub("…", line) for line in said)]

    def _settle(self) -> None:
        """Wait for the button that comes once someone uses the first screen."""
        if self.visitor.page.locator("form #remember").count():
            self.visitor.page.keyboard.press("Shift")
            self.visitor.page.locator(".passkey button").wait_for()

    def sends(self, what: str, fields: Mapping[str, str], button: str, *, until: Callable[[], None]) -> None:
        """Fill in a form and send it."""

        def act() -> None:
            for label, text in fields.items():
                self.visitor.fill(label, text)
            self.visitor.press(button)

        self.does(what, act, until=until)

    def follows(self, name: str, title: str) -> None:
        """Follow a link, or press a button, that leads to another screen."""
        self.does(title, lambda: self.visitor.press(name), until=self.at(title))

    def at(self, title: str) -> Callable[[], None]:
        return lambda: self.visitor.sees(title)

    def shows(self, selector: str) -> Callable[[], None]:
        return lambda: expect(self.visitor.page.locator(selector).first).to_be_visible()


def signs_in(journey: Journey) -> None:
    words, api = journey.words, journey.api
    journey.opens("", words.sign_in_title)
    fields = {words.identifier: IDENTIFIER, words.pin: PIN}
    missing = (FieldError("/identifier", "missing"), FieldError("/pin", "missing"))
    api.refuses("/login", InvalidRequest(fields=missing))
    journey.sends("nothing typed", {}, words.sign_in, until=journey.shows(".error-summary"))
    api.refuses("/login", InvalidCredentials(tries_left=2))
    journey.sends("a wrong PIN", fields, words.sign_in, until=journey.shows(".alert"))
    api.refuses("/login", WAIT)
    journey.sends("a third wrong PIN", fields, words.sign_in, until=journey.shows("[role=timer]"))
    api.answers_as_usual("/login")
    journey.does(
        "a minute later",
        lambda: journey.visitor.page.clock.fast_forward("01:01"),
        until=lambda: journey.visitor.reads(words.may_try),
    )
    journey.sends("the right PIN", fields, words.sign_in, until=journey.at(words.area_title))
    journey.does(
        "half an hour without a touch",
        lambda: journey.visitor.page.clock.fast_forward(29 * MINUTE),
        until=journey.shows("dialog[open]"),
        then_reads="dialog",
    )
    journey.visitor.press(words.stay)
    # "Sign out" stands in the dialog too.
    expect(journey.visitor.page.locator("dialog[open]")).to_have_count(0)
    journey.does(
        "signed out",
        lambda: journey.visitor.press(words.sign_out),
        until=lambda: journey.visitor.reads(words.signed_out),
    )


def confirms_a_new_browser(journey: Journey) -> None:
    words, api = journey.words, journey.api
    journey.opens("", words.sign_in_title)
    api.answers("/login", 202, CODE)
    fields = {words.identifier: IDENTIFIER, words.pin: PIN}
    journey.sends("the right PIN", fields, words.sign_in, until=journey.at(words.confirm_title))
    api.refuses("/login/confirm", InvalidCode(tries_left=4))
    code = {words.any_code: "482913"}
    journey.sends("a wrong code", code, words.confirm, until=journey.shows(".error-summary"))
    api.answers_as_usual("/login/confirm")
    journey.sends("the right code", code, words.confirm, until=journey.at(words.area_title))


def resets_by_email(journey: Journey) -> None:
    words, api = journey.words, journey.api
    journey.opens("", words.sign_in_title)
    journey.follows(words.forgotten_pin, words.forgotten_pin)
    journey.sends("asks for a code", {words.identifier: IDENTIFIER}, words.get_code, until=journey.at(words.code_title))
    api.refuses("/reset/verify", InvalidCode(tries_left=4))
    code = {words.email_code: "482913"}
    journey.sends("a wrong code", code, words.verify, until=journey.shows(".field-error"))
    api.answers_as_usual("/reset/verify")
    journey.sends("the right code", code, words.verify, until=journey.at(words.new_pin_title))
    api.refuses("/reset/pin", WeakPin(fields=(FieldError("/pin", "pin-common"),)))
    pins = {words.new_pin: PIN, words.confirmation: PIN}
    journey.sends("a PIN that is easy to guess", pins, words.save, until=journey.shows(".field-error"))
    api.answers_as_usual("/reset/pin")
    journey.sends("a good PIN", pins, words.save, until=journey.at(words.saved_title))


def resets_by_letter(journey: Journey) -> None:
    words = journey.words
    journey.api.answers("/reset", 202, LETTER)
    journey.opens("", words.sign_in_title)
    journey.follows(words.first_visit, words.first_visit)
    journey.sends(
        "asks for a code", {words.identifier: IDENTIFIER}, words.get_code, until=journey.at(words.letter_title)
    )
    journey.follows(words.have_code, words.have_code)
    journey.sends(
        "the code of the letter", {words.any_code: "482913"}, words.verify, until=journey.at(words.new_pin_title)
    )


def finds_the_identifier(journey: Journey) -> None:
    words, api = journey.words, journey.api
    journey.opens("", words.sign_in_title)
    journey.follows(words.find_identifier, words.find_identifier)
    api.refuses("/identifier", InvalidRequest(fields=(FieldError("/nir", "nir-key"),)))
    person = {words.nir: "172063306301725", words.day: "30", words.month: "6", words.year: "1972"}
    person |= {words.postcode: "33000"}
    journey.sends("a wrong number", person, words.find, until=journey.shows(".field-error"))
    api.answers("/identifier", 200, SCREEN)
    journey.sends("the right number", person, words.find, until=journey.at(words.iban_title))
    api.refuses("/identifier/iban", NotRecognised(tries_left=1))
    iban = {words.iban: "020291"}
    journey.sends("a wrong IBAN", iban, words.show_identifier, until=journey.shows(".field-error, .alert"))
    api.answers_as_usual("/identifier/iban")
    journey.sends("the right IBAN", iban, words.show_identifier, until=journey.at(words.found_title))


def changes_the_pin(journey: Journey) -> None:
    words, api = journey.words, journey.api
    journey.opens("", words.sign_in_title)
    fields = {words.identifier: IDENTIFIER, words.pin: PIN}
    journey.sends("signs in", fields, words.sign_in, until=journey.at(words.area_title))
    journey.follows(words.change_pin, words.change_pin)
    api.refuses("/pin", InvalidCredentials(tries_left=1))
    pins = dict.fromkeys((words.present_pin, words.new_pin, words.confirmation), PIN)
    journey.sends("a wrong present PIN", pins, words.save, until=journey.shows(".field-error"))
    api.answers_as_usual("/pin")
    journey.sends("the right one", pins, words.save, until=lambda: journey.visitor.reads(words.changed))


def blocks_everything(journey: Journey) -> None:
    words = journey.words
    journey.opens("", words.sign_in_title)
    fields = {words.identifier: IDENTIFIER, words.pin: PIN}
    journey.sends("signs in", fields, words.sign_in, until=journey.at(words.area_title))
    journey.api.answers("/account", 200, {"email": "none"})
    journey.follows(words.connections, words.connections)
    journey.sends("ends a session", {}, words.end_session, until=journey.shows(".notice-success"))
    journey.follows(words.not_me, words.not_me)
    journey.sends("blocks everything", {}, words.block, until=lambda: journey.visitor.reads(words.blocked))


JOURNEYS = (
    signs_in,
    confirms_a_new_browser,
    resets_by_email,
    resets_by_letter,
    finds_the_identifier,
    changes_the_pin,
    blocks_everything,
)


@pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["fr", "en"])
@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_screen_reader_says_on_a_journey_what_was_agreed(
    opened: OpenScene, journey: Callable[[Journey], None], words: Words
) -> None:
    with opened(words) as scene:
        scene.visitor.page.clock.install(time=NOON)
        written = Journey(scene)
        journey(written)

    language = "fr" if words is FRENCH else "en"
    transcript = TRANSCRIPTS / f"{journey.__name__}.{language}.txt"
    now = "\n".join([*written.lines, ""])
    if os.environ.get("REWRITE_GOLDEN") == "1" and (not transcript.exists() or transcript.read_text("utf-8") != now):
        transcript.write_text(now, "utf-8")
        pytest.fail(f"rewritten: {transcript.name}", pytrace=False)
    assert now == transcript.read_text("utf-8")
