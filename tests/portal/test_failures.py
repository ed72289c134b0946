"""Failures: every error of the API has its page, and nothing that was typed is lost or sent twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from login.contract import SessionExpired
from member_access.api.bearer import InvalidToken, SignInAgain
from member_access.api.problems import INTERNAL_ERROR
from member_access.api.refusals import (
    ForbiddenOrigin,
    InvalidRequest,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    RequestTooLarge,
    TryLater,
)
from member_access.errors import FieldError, Refusal
from member_access.pin_verification import InvalidCredentials, PinDisabled, SignInFirst
from member_access.throttling.guard import TooManyAttempts
from member_access.wording.texts import FIELD_REASONS, PROBLEMS, Language
from passkeys.contract import PasskeyNotAdded, TooManyPasskeys
from reset.contract import InvalidResetToken, PinsDiffer, WeakPin
from simulators.browser.portal_scenes import PIN, Scene
from simulators.scripted_api import IDENTIFIER
from simulators.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Dialog

FR = Language.FRENCH
NO_ANSWER = "Le service ne répond pas. Vous n’avez rien à ressaisir : réessayez dans un instant."
HOUR = 3_600_000
FOR_PRINT_PROVIDERS = {"not-authentic"}


def documented_codes() -> set[str]:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    return set(document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])


def at_sign_in(refusal: Refusal) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.sign_in()
        scene.api.refuses("/login", refusal)
        scene.visitor.sign_in(IDENTIFIER, PIN)

    return play


def at_new_pin(refusal: Refusal) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.new_pin()
        scene.api.refuses("/reset/pin", refusal)
        scene.visitor.fill(scene.visitor.words.new_pin, PIN)
        scene.visitor.fill(scene.visitor.words.confirmation, PIN)
        scene.visitor.press(scene.visitor.words.save)

    return play


def at_a_change(refusal: Refusal) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        words = scene.visitor.words
        scene.change_pin()
        scene.api.refuses("/pin", refusal)
        for label in (words.present_pin, words.new_pin, words.confirmation):
            scene.visitor.fill(label, PIN)
        scene.visitor.press(words.save)

    return play


def at_sign_out(scene: Scene) -> None:
    scene.member()
    scene.api.refuses("/logout", SessionExpired())
    scene.visitor.press(scene.visitor.words.sign_out)


def of_the_api_itself(scene: Scene) -> None:
    scene.sign_in()
    scene.api.fails("/login")
    scene.visitor.sign_in(IDENTIFIER, PIN)


def at_a_deletion(refusal: Refusal) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.passkeys()
        scene.api.refuses("DELETE /passkeys/{id}", refusal)
        scene.visitor.page.get_by_role("button", name="Supprimer").first.click()

    return play


def at_a_new_passkey(refusal: Refusal) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        scene.passkeys()
        scene.api.refuses("/passkeys/options", refusal)
        scene.visitor.press("Ajouter une clé d’accès")

    return play


def detail_of(code: str) -> str:
    return PROBLEMS[code].detail.in_(FR, wait="1 minute", promised_wait="1mn")


def reason(code: str) -> str:
    return FIELD_REASONS[code].in_(FR)


WITH_A_WAIT = TooManyAttempts(retry_after=60)
PAGES: Mapping[str, tuple[Callable[[Scene], None], str]] = {
    "invalid-request": (
        at_sign_in(InvalidRequest(fields=(FieldError("/identifier", "identifier"),))),
        reason("identifier"),
    ),
    "weak-pin": (at_new_pin(WeakPin(fields=(FieldError("/pin", "pin-postcode"),))), reason("pin-postcode")),
    "pins-differ": (
        at_new_pin(PinsDiffer(fields=(FieldError("/pin_confirmation", "pin-confirmation"),))),
        reason("pin-confirmation"),
    ),
    "invalid-credentials": (at_sign_in(InvalidCredentials()), detail_of("invalid-credentials")),
    "too-many-attempts": (at_sign_in(WITH_A_WAIT), detail_of("too-many-attempts")),
    "try-later": (at_sign_in(TryLater(retry_after=60)), detail_of("try-later")),
    "pin-disabled": (
        at_sign_in(PinDisabled()),
        ("Par mesure de sécurité, après trop de saisies incorrectes, la connexion est bloquée avec cet identifiant :"),
    ),
    "invalid-code": (Scene.wrong_code, detail_of("invalid-code")),
    "invalid-reset-token": (at_new_pin(InvalidResetToken()), detail_of("invalid-reset-token")),
    "not-recognised": (Scene.wrong_iban, detail_of("not-recognised")),
    "sign-in-first": (at_a_change(SignInFirst()), detail_of("sign-in-first")),
    "session-expired": (at_sign_out, detail_of("session-expired")),
    "invalid-token": (at_a_deletion(InvalidToken()), detail_of("invalid-token")),
    "sign-in-again": (
        at_a_deletion(SignInAgain()),
        "Par sécurité, connectez-vous à nouveau, puis revenez à « Mes clés d’accès ».",
    ),
    "passkey-not-added": (at_a_new_passkey(PasskeyNotAdded()), detail_of("passkey-not-added")),
    "too-many-passkeys": (at_a_new_passkey(TooManyPasskeys()), detail_of("too-many-passkeys")),
    "forbidden-origin": (at_sign_in(ForbiddenOrigin()), detail_of("forbidden-origin")),
    "malformed-request": (at_sign_in(MalformedRequest()), detail_of("malformed-request")),
    "method-not-allowed": (at_sign_in(MethodNotAllowed()), detail_of("method-not-allowed")),
    "not-found": (at_sign_in(NotFound()), detail_of("not-found")),
    "request-too-large": (at_sign_in(RequestTooLarge()), detail_of("request-too-large")),
    INTERNAL_ERROR: (of_the_api_itself, detail_of(INTERNAL_ERROR)),
}
AT_LAST = {
    "forbidden-origin",
    "internal-error",
    "malformed-request",
    "method-not-allowed",
    "not-found",
    "passkey-not-added",
    "request-too-large",
    "too-many-passkeys",
}


def test_every_error_code_of_the_api_has_a_page() -> None:
    assert set(PAGES) == documented_codes() - FOR_PRINT_PROVIDERS


@pytest.mark.parametrize("code", PAGES)
def test_the_page_of_an_error_says_what_it_is(scene: Scene, code: str) -> None:
    play, sentence = PAGES[code]
    play(scene)

    scene.visitor.reads(sentence)
    call_us = scene.visitor.page.get_by_text("Si cela se répète, appelez-nous au 01 99 00 12 34.")
    expect(call_us).to_have_count(1 if code in AT_LAST else 0)


def test_an_ended_recovery_starts_again_with_the_identifier_kept(scene: Scene) -> None:
    at_new_pin(InvalidResetToken())(scene)

    scene.visitor.sees(scene.visitor.words.forgotten_pin)
    expect(scene.visitor.field(scene.visitor.words.identifier)).to_have_value(IDENTIFIER)
    scene.visitor.page.go_back()
    scene.visitor.sees(scene.visitor.words.forgotten_pin)


def test_a_wait_ends_by_the_clock_even_after_the_computer_slept(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.wait()
    scene.visitor.page.clock.fast_forward("01:01")

    expect(scene.visitor.page.get_by_role("button", name=scene.visitor.words.sign_in)).to_be_enabled()
    scene.visitor.reads(scene.visitor.words.may_try)


def test_a_clock_that_is_set_back_makes_no_wait_longer(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.wait()
    now = scene.visitor.page.evaluate("Date.now()")
    scene.visitor.page.clock.set_system_time((now - HOUR) / 1000)
    scene.visitor.page.clock.run_for(61_000)

    expect(scene.visitor.page.get_by_role("button", name=scene.visitor.words.sign_in)).to_be_enabled()


@pytest.mark.parametrize(("seconds", "waits"), [(1, True), (60, False)], ids=["corrected", "set back"])
def test_a_wait_outlives_a_correction_of_the_clock_and_a_reload(scene: Scene, seconds: int, *, waits: bool) -> None:
    scene.visitor.page.clock.install()
    scene.wait()
    now = scene.visitor.page.evaluate("Date.now()")
    scene.visitor.page.clock.set_system_time(now / 1000 - seconds)
    scene.visitor.page.reload()

    sign_in = scene.visitor.page.get_by_role("button", name=scene.visitor.words.sign_in)
    expect(sign_in).to_be_disabled() if waits else expect(sign_in).to_be_enabled()


def test_a_form_that_is_pressed_twice_is_sent_once(scene: Scene) -> None:
    scene.sign_in()
    scene.api.hold()
    scene.visitor.fill(scene.visitor.words.identifier, IDENTIFIER)
    scene.visitor.fill(scene.visitor.words.pin, PIN)
    scene.visitor.page.get_by_role("button", name=scene.visitor.words.sign_in).dblclick()
    scene.visitor.page.keyboard.press("Enter")
    scene.api.let_go()
    scene.visitor.sees(scene.visitor.words.area_title)

    assert [path for path, _ in scene.api.calls] == ["/login"]


def send_offline_then_online(scene: Scene, button: str) -> None:
    """Sign in without a connection, and again with one by the button that the page offers."""
    scene.api.is_cut_off(cut=True)
    scene.visitor.page.context.set_offline(True)
    scene.visitor.sign_in(IDENTIFIER, PIN)
    scene.visitor.reads("Vous semblez hors connexion. Vérifiez votre accès à Internet, puis réessayez.")

    scene.visitor.page.context.set_offline(False)
    scene.api.is_cut_off(cut=False)
    scene.visitor.press(button)
    scene.visitor.sees(scene.visitor.words.area_title)
    assert [sent for _, sent in scene.api.calls] == [{"identifier": IDENTIFIER, "pin": PIN}] * 2


def test_an_offline_visitor_reads_so_and_can_send_again(scene: Scene) -> None:
    scene.sign_in()
    with scene.visitor.page.expect_response("**/alert.js"):
        scene.visitor.field(scene.visitor.words.identifier).focus()
    scene.visitor.page.wait_for_load_state("networkidle")
    send_offline_then_online(scene, scene.visitor.words.retry)


def test_a_visitor_who_is_offline_before_the_first_word_reads_so_and_can_send_again(scene: Scene) -> None:
    """Then the modules for failures are missing too."""
    scene.sign_in()
    send_offline_then_online(scene, scene.visitor.words.sign_in)


def test_a_service_that_does_not_answer_is_not_the_visitors_connection(scene: Scene) -> None:
    scene.no_answer()

    scene.visitor.reads(NO_ANSWER)


def test_a_form_without_fields_speaks_of_nothing_to_type_again(scene: Scene) -> None:
    scene.member()
    scene.api.is_cut_off(cut=True)
    scene.visitor.press(scene.visitor.words.sign_out)

    scene.visitor.reads(scene.visitor.words.unreachable)


def test_an_answer_that_is_not_the_apis_is_no_answer(scene: Scene) -> None:
    scene.sign_in()
    scene.api.answers("/login", 502, "<html>Bad gateway</html>")
    scene.visitor.sign_in(IDENTIFIER, PIN)

    scene.visitor.reads(NO_ANSWER)


def test_a_slow_answer_is_announced_and_still_taken(scene: Scene) -> None:
    scene.slow()
    scene.api.let_go()

    scene.visitor.sees(scene.visitor.words.area_title)


def test_an_answer_that_comes_after_the_screen_was_left_leads_nowhere(scene: Scene) -> None:
    scene.forgotten_pin()
    scene.api.hold()
    scene.visitor.fill(scene.visitor.words.identifier, IDENTIFIER)
    scene.visitor.press(scene.visitor.words.get_code)
    scene.visitor.press("Revenir à la connexion")
    scene.visitor.sees(scene.visitor.words.sign_in_title)
    with scene.visitor.page.expect_response("**/v1/reset"):
        scene.api.let_go()
    scene.visitor.page.wait_for_timeout(500)

    assert scene.visitor.page.evaluate("location.hash") == "#/"
    scene.visitor.sees(scene.visitor.words.sign_in_title)


def test_the_back_button_does_not_lead_to_a_step_that_is_done(scene: Scene) -> None:
    scene.pin_set()
    scene.visitor.page.go_back()

    expect(scene.visitor.page.get_by_role("heading", name=scene.visitor.words.new_pin_title)).to_have_count(0)
    scene.visitor.sees(scene.visitor.words.forgotten_pin)


def test_the_browser_asks_before_a_verified_code_is_lost(scene: Scene) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    scene.visitor.page.on("dialog", leave)
    scene.new_pin()
    scene.visitor.fill(scene.visitor.words.new_pin, "7")
    scene.visitor.page.reload()

    scene.visitor.sees(scene.visitor.words.forgotten_pin)
    scene.visitor.reads(
        "Pour votre sécurité, un code vérifié ne peut pas être conservé quand la page est rechargée. "
        "Demandez un nouveau code."
    )
    expect(scene.visitor.field(scene.visitor.words.identifier)).to_have_value(IDENTIFIER)
    assert asked == ["beforeunload"]


def test_a_lost_search_is_to_be_done_again(scene: Scene) -> None:
    scene.iban()
    scene.visitor.page.reload()

    scene.visitor.sees(scene.visitor.words.find_identifier)


def test_a_new_code_can_be_asked_for_after_a_minute(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.code()
    scene.visitor.page.get_by_text(scene.visitor.words.nothing).click()
    again = scene.visitor.page.get_by_role("button", name=scene.visitor.words.send_again)
    expect(again).to_be_disabled()
    scene.visitor.page.clock.fast_forward("01:01")
    again.click()

    scene.visitor.reads(scene.visitor.words.sent_again)
    assert [path for path, _ in scene.api.calls] == ["/reset", "/reset"]


def test_an_expired_code_is_said_to_be_so(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.code()
    scene.visitor.page.clock.fast_forward("10:01")

    scene.visitor.reads(scene.visitor.words.code_expired)
    expect(scene.visitor.page.get_by_role("button", name=scene.visitor.words.send_again)).to_be_enabled()


def test_a_language_that_cannot_be_loaded_leaves_the_page_as_it_is(scene: Scene) -> None:
    scene.sign_in()
    scene.visitor.page.route("**/texts/en.js", lambda route: route.abort("internetdisconnected"))
    scene.visitor.press("EN English")

    scene.visitor.reads(NO_ANSWER)
    scene.visitor.sees(scene.visitor.words.sign_in_title)


def test_a_session_that_cannot_be_asked_for_can_be_tried_again(scene: Scene) -> None:
    scene.member()
    scene.api.is_cut_off(cut=True)
    scene.visitor.page.reload()
    scene.visitor.reads(scene.visitor.words.unreachable)
    scene.api.is_cut_off(cut=False)
    scene.visitor.press(scene.visitor.words.retry)

    scene.visitor.sees(scene.visitor.words.area_title)


def test_a_screen_that_cannot_be_loaded_can_be_tried_again(scene: Scene) -> None:
    scene.unreachable()
    scene.visitor.page.unroute("**/screens/forgotten-pin.*")
    scene.visitor.press(scene.visitor.words.retry)

    scene.visitor.sees(scene.visitor.words.forgotten_pin)
