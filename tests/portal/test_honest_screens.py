"""A screen says what is so: what was found, what has happened, what is on its way, and what may have been lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from member_access.api.refusals import TryLater
from member_access.pin_verification import InvalidCredentials
from member_access.throttling.guard import TooManyAttempts
from member_access.wording.texts import PROBLEMS, Language
from simulators.browser.portal import ENGLISH
from simulators.browser.portal_scenes import PIN, Scene
from simulators.scripted_api import IDENTIFIER

if TYPE_CHECKING:
    from playwright.sync_api import Route

SLOW = "La réponse tarde : la connexion est lente. Nous attendons encore."


def test_the_identifier_that_was_found_is_not_the_one_that_is_typed_later(scene: Scene) -> None:
    scene.identifier_found()
    scene.visitor.press(scene.visitor.words.sign_in)
    scene.api.refuses("/login", InvalidCredentials())
    scene.visitor.sign_in("A1234576", PIN)
    scene.visitor.page.locator(".alert").wait_for()
    scene.visitor.page.go_back()

    scene.visitor.sees(scene.visitor.words.found_title)
    scene.visitor.reads(IDENTIFIER)


@pytest.mark.parametrize("screen", ["pin-set", "pin-disabled", "identifier-found", "identifier-sent", "letter-sent"])
def test_nothing_is_said_to_have_happened_to_who_comes_by_an_address(scene: Scene, screen: str) -> None:
    scene.at(screen)

    expect(scene.visitor.page).not_to_have_url(f"{scene.url}#/{screen}")


def test_what_has_happened_is_still_said_after_a_reload(scene: Scene) -> None:
    scene.pin_disabled()
    scene.visitor.page.reload()

    scene.visitor.sees(scene.visitor.words.disabled_title)


def test_the_keypad_types_no_more_than_a_pin(scene: Scene) -> None:
    scene.sign_in()
    scene.visitor.press(scene.visitor.words.keypad)
    for digit in "73826499":
        scene.visitor.page.get_by_role("button", name=digit, exact=True).click()

    expect(scene.visitor.field(scene.visitor.words.pin)).to_have_value(PIN)
    expect(scene.visitor.page.locator("[data-typed]")).to_have_text("6 / 6")


def test_who_sends_again_stays_at_the_button_that_sends(scene: Scene) -> None:
    scene.no_answer()
    scene.api.is_cut_off(cut=False)
    scene.api.hold()
    scene.visitor.press(scene.visitor.words.retry)

    expect(scene.visitor.page.get_by_role("button", name=scene.visitor.words.sign_in)).to_be_focused()


def test_a_wait_for_another_code_outlives_a_reload(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.code()
    scene.visitor.page.clock.fast_forward("01:01")
    scene.api.refuses("/reset", TooManyAttempts(retry_after=3600))
    again = scene.visitor.page.get_by_role("button", name=scene.visitor.words.send_again)
    again.click()
    expect(again).to_be_disabled()
    scene.visitor.page.reload()

    expect(again).to_be_disabled()
    scene.visitor.page.clock.fast_forward("01:00:00")
    expect(again).to_be_enabled()


def test_an_expired_search_starts_again_before_the_answer_is_refused(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.iban()
    scene.visitor.page.clock.fast_forward("10:01")

    scene.visitor.sees(scene.visitor.words.find_identifier)
    scene.visitor.reads("Le temps pour répondre est écoulé. Saisissez à nouveau vos informations.")


def test_a_screen_that_is_slow_to_come_says_so_and_comes(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    held = hold_screen(scene)
    scene.visitor.page.clock.run_for(1100)
    scene.visitor.reads("Un instant…")
    scene.visitor.page.clock.run_for(5000)
    scene.visitor.reads(SLOW)
    held[0].continue_()

    scene.visitor.sees(scene.visitor.words.forgotten_pin)
    expect(scene.visitor.page.get_by_text(SLOW)).to_have_count(0)


def test_a_screen_that_does_not_come_is_given_up(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    hold_screen(scene)
    scene.visitor.page.clock.run_for(31_000)

    scene.visitor.sees("Cette page n’a pas pu être chargée")


def hold(scene: Scene, url: str) -> list[Route]:
    """Leave a file without an answer."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    scene.visitor.page.route(url, keep)
    return held


def hold_screen(scene: Scene) -> list[Route]:
    """Go to a screen whose HTML is not answered."""
    scene.sign_in()
    held = hold(scene, "**/screens/forgotten-pin.html")
    with scene.visitor.page.expect_request("**/screens/forgotten-pin.html"):
        scene.visitor.press(scene.visitor.words.forgotten_pin)
    return held


def test_why_a_session_cannot_be_taken_up_is_said_in_the_words_of_the_api(scene: Scene) -> None:
    scene.member()
    scene.api.refuses("/login/refresh", TryLater(retry_after=60))
    scene.visitor.page.reload()

    scene.visitor.reads(PROBLEMS["try-later"].detail.in_(Language.FRENCH, wait="1 minute"))


def test_a_code_verified_while_the_screen_was_left_leads_on(scene: Scene) -> None:
    scene.code()
    scene.api.hold()
    scene.visitor.fill(scene.visitor.words.email_code, "482913")
    scene.visitor.press(scene.visitor.words.verify)
    scene.visitor.press("Revenir à la connexion")
    scene.visitor.sees(scene.visitor.words.sign_in_title)
    with scene.visitor.page.expect_response("**/v1/reset/verify") as answered:
        scene.api.let_go()
    answered.value.finished()
    scene.visitor.page.evaluate("new Promise((handled) => setTimeout(handled))")
    scene.visitor.page.go_back()

    scene.visitor.sees(scene.visitor.words.new_pin_title)


def test_a_new_pin_without_an_answer_may_still_be_saved(scene: Scene) -> None:
    scene.new_pin()
    scene.api.is_cut_off(cut=True)
    scene.visitor.fill(scene.visitor.words.new_pin, PIN)
    scene.visitor.fill(scene.visitor.words.confirmation, PIN)
    scene.visitor.press(scene.visitor.words.save)

    scene.visitor.reads(
        "Le service n’a pas répondu. Votre nouveau mot de passe est peut-être déjà enregistré : "
        "réessayez ou, s’il est refusé, essayez de vous connecter avec ce nouveau mot de passe."
    )


def test_what_went_wrong_is_said_in_the_language_that_is_chosen_later(scene: Scene) -> None:
    scene.no_answer()
    scene.visitor.press(ENGLISH.switch)

    scene.visitor.reads("The service is not responding. Try again in a moment; you won’t have to type anything again.")


def test_a_screen_opened_while_the_language_changes_has_its_texts(scene: Scene) -> None:
    scene.sign_in()
    held = hold(scene, "**/texts/en.js")
    with scene.visitor.page.expect_request("**/texts/en.js"):
        scene.visitor.press(ENGLISH.switch)
    scene.visitor.press(scene.visitor.words.forgotten_pin)
    scene.visitor.sees(scene.visitor.words.forgotten_pin)
    held[0].continue_()

    scene.visitor.sees(ENGLISH.forgotten_pin)
    expect(scene.visitor.page.get_by_role("button", name=ENGLISH.get_code)).to_be_visible()
