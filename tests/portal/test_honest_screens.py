"""A screen says what is so: what was found, what has happened, what is on its way, and what may have been lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from member_access.api.refusals import TryLater
from member_access.pin_verification import InvalidCredentials
from member_access.throttling.guard import TooManyAttempts
from member_access.wording.texts import PROBLEMS, Language
from simulators.browser.portal import ENGLISH, FRENCH, Visitor
from simulators.browser.portal_scenes import PIN, Scene
from simulators.scripted_api import IDENTIFIER, LETTER, ScriptedApi

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


@pytest.mark.parametrize(
    "screen", ["pin-set", "pin-disabled", "identifier-found", "identifier-sent", "letter-sent", "code"]
)
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
    scene.visitor.page.get_by_text(scene.visitor.words.nothing).click()
    again = scene.visitor.page.get_by_role("button", name=scene.visitor.words.send_again)
    again.click()
    expect(again).to_be_disabled()
    scene.visitor.page.reload()
    scene.visitor.page.get_by_text(scene.visitor.words.nothing).click()

    expect(again).to_be_disabled()
    # A reloaded page counts from the time of its own load, which a busy machine delays.
    scene.visitor.page.clock.fast_forward("01:00:30")
    expect(again).to_be_enabled()


@pytest.mark.parametrize("comes", [True, False], ids=["late", "never"])
def test_a_wait_ends_even_if_what_counts_it_down_comes(scene: Scene, comes: bool) -> None:
    scene.visitor.page.clock.install()
    scene.wait()
    held: list[Route] = []
    # Playwright marks the function that it is given, which a method of a list does not allow.
    scene.visitor.page.route("**/form-failures.js", lambda route: held.append(route))  # noqa: PLW0108
    scene.visitor.page.reload()
    sign_in = scene.visitor.page.get_by_role("button", name=scene.visitor.words.sign_in)
    expect(sign_in).to_be_disabled()
    scene.visitor.page.clock.fast_forward("01:01")
    expect(sign_in).to_be_enabled()
    for route in held:
        route.continue_() if comes else route.abort()
    scene.visitor.page.wait_for_load_state("networkidle")

    expect(sign_in).to_be_enabled()


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


def test_a_sentence_of_the_api_follows_the_language_and_returns_to_its_own(scene: Scene) -> None:
    scene.sign_in()
    scene.api.refuses("/login", TryLater(retry_after=65))
    scene.visitor.sign_in(IDENTIFIER, PIN)
    scene.visitor.reads("Le service est momentanément indisponible. Réessayez dans 2 minutes.")
    scene.visitor.press(ENGLISH.switch)

    scene.visitor.reads("The service is temporarily unavailable. Try again in 2 minutes.")
    expect(scene.visitor.page.locator(".alert [lang=fr]")).to_have_count(0)
    scene.visitor.press(FRENCH.switch)
    scene.visitor.reads("Le service est momentanément indisponible. Réessayez dans 2 minutes.")


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


def texts_of(scene: Scene) -> str:
    return scene.visitor.page.get_by_role("main").inner_text()


@pytest.mark.parametrize("play", ["code", "letter_sent", "code_sent_again"])
def test_a_request_says_of_nothing_that_it_was_sent(scene: Scene, play: str) -> None:
    """Who mistypes an identifier reads the same, so all of it has to be true of them too."""
    getattr(scene, play)()
    said = texts_of(scene)

    assert IDENTIFIER in said
    assert "Ce n’est pas le bon ? Corriger" in said.replace("\u00a0", " ")
    assert "identifiant est exact" in said
    assert "envoyé" not in said
    assert "en route" not in said
    # The size of a title, so that a wrong digit is seen.
    size = scene.visitor.page.locator(".typed-identifier").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size > 24


def test_a_wrong_identifier_is_corrected_where_it_was_typed(scene: Scene) -> None:
    scene.api.answers("/reset", 202, LETTER)
    scene.first_visit()
    scene.visitor.fill(scene.visitor.words.identifier, "ZZ999999")
    scene.visitor.press(scene.visitor.words.get_code)
    scene.visitor.sees(scene.visitor.words.letter_title)
    scene.visitor.press("Corriger")

    scene.visitor.sees(scene.visitor.words.first_visit)
    expect(scene.visitor.field(scene.visitor.words.identifier)).to_have_value("ZZ999999")


def test_a_blocked_sign_in_is_no_statement_about_a_member(scene: Scene) -> None:
    scene.pin_disabled()

    assert "votre mot de passe" not in texts_of(scene).lower()
    scene.visitor.reads(IDENTIFIER)


@pytest.mark.parametrize(
    ("left", "said"),
    [(2, "Il vous reste 2 essais avant une attente."), (1, "Il vous reste 1 essai avant une attente.")],
)
def test_a_wrong_pin_says_how_many_tries_are_left(scene: Scene, left: int, said: str) -> None:
    scene.sign_in()
    scene.api.refuses("/login", InvalidCredentials(tries_left=left))
    scene.visitor.sign_in(IDENTIFIER, PIN)

    scene.visitor.reads(said)
    expect(scene.visitor.page.locator(".alert").get_by_role("link", name="Mot de passe oublié ?")).to_be_visible()


def test_a_wait_is_said_in_words_that_follow_the_language(scene: Scene) -> None:
    scene.sign_in()
    scene.api.refuses("/login", TooManyAttempts(retry_after=90, tries_left=1))
    scene.visitor.sign_in(IDENTIFIER, PIN)
    timer = scene.visitor.page.get_by_role("timer")
    expect(timer).to_have_text(re.compile(r"Vous pourrez réessayer dans 1.minute (30|2\d).secondes\."))
    scene.visitor.reads("Il vous reste 1 essai avant le blocage de la connexion.")
    scene.visitor.press(ENGLISH.switch)

    expect(timer).to_have_text(re.compile(r"You can try again in 1.minute \d\d.seconds\."))
    scene.visitor.reads("You have 1 try left before sign-in is blocked.")


def test_a_code_asked_for_too_early_is_no_attempt(scene: Scene) -> None:
    scene.too_early()

    scene.visitor.reads("Vous ne pouvez pas encore demander un autre code.")
    assert "tentative" not in texts_of(scene)
    scene.visitor.press("Saisir le code que j’ai déjà")
    scene.visitor.sees(scene.visitor.words.have_code)


def test_a_code_by_email_can_be_typed_after_the_tab_was_closed(scene: Scene) -> None:
    scene.code()
    page = scene.visitor.page.context.new_page()
    other = Scene(Visitor(page, scene.visitor.words), ScriptedApi(page), scene.url)
    other.at("code")
    other.visitor.sees(other.visitor.words.have_code)
    other.visitor.fill(other.visitor.words.identifier, IDENTIFIER)
    other.visitor.fill(other.visitor.words.any_code, "482913")
    other.visitor.press(other.visitor.words.verify)

    other.visitor.sees(other.visitor.words.new_pin_title)
    assert other.api.calls == [("/reset/verify", {"identifier": IDENTIFIER, "code": "482913"})]


def test_a_search_can_be_corrected_without_typing_it_again(scene: Scene) -> None:
    scene.iban()
    scene.visitor.press("Corriger mes informations")
    scene.visitor.sees(scene.visitor.words.find_identifier)
    expect(scene.visitor.field(scene.visitor.words.nir)).to_have_value("1 72 06 33 063 017 25")
    expect(scene.visitor.field(scene.visitor.words.year)).to_have_value("1972")

    scene.visitor.press("Revenir à la connexion")
    scene.visitor.press(scene.visitor.words.find_identifier)
    scene.visitor.sees(scene.visitor.words.find_identifier)
    expect(scene.visitor.field(scene.visitor.words.nir)).to_have_value("")


def test_a_date_of_no_calendar_is_asked_about_once(scene: Scene) -> None:
    scene.rare_date()
    assert scene.api.calls == []
    scene.visitor.press(scene.visitor.words.find)
    scene.visitor.sees(scene.visitor.words.mail_title)

    assert [sent["birth_date"] for _, sent in scene.api.calls] == ["1972-13-30"]


def test_a_wrong_present_pin_is_said_at_its_field(scene: Scene) -> None:
    scene.wrong_present_pin()
    field = scene.visitor.field(scene.visitor.words.present_pin)

    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(field).to_have_accessible_description("Ce n’est pas votre mot de passe actuel.")
    assert "Identifiant" not in texts_of(scene)


def test_a_busy_form_says_so_at_its_button(scene: Scene) -> None:
    scene.busy()
    button = scene.visitor.page.get_by_role("button", name=scene.visitor.words.sign_in, exact=True)
    expect(button).to_have_attribute("aria-busy", "true")
    expect(button).to_have_attribute("aria-disabled", "true")
    scene.api.refuses("/login", InvalidCredentials())
    scene.api.let_go()

    expect(button).not_to_have_attribute("aria-busy", "true")


def signs_in_after_reset(scene: Scene) -> None:
    def configure(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "sign_in_after_reset": True})

    scene.visitor.page.route("**/config.json", configure)


def test_a_reset_may_end_signed_in(scene: Scene) -> None:
    signs_in_after_reset(scene)
    scene.new_pin()
    save_new_pin(scene)

    scene.visitor.sees(scene.visitor.words.area_title)
    assert [path for path, _ in scene.api.calls] == ["/reset", "/reset/verify", "/reset/pin", "/login"]


def test_a_reset_succeeds_though_the_sign_in_after_it_does_not(scene: Scene) -> None:
    signs_in_after_reset(scene)
    scene.new_pin()
    scene.api.refuses("/login", TryLater(retry_after=60))
    save_new_pin(scene)

    scene.visitor.sees(scene.visitor.words.saved_title)


def save_new_pin(scene: Scene) -> None:
    scene.visitor.fill(scene.visitor.words.new_pin, PIN)
    scene.visitor.fill(scene.visitor.words.confirmation, PIN)
    scene.visitor.press(scene.visitor.words.save)


def test_a_browser_without_the_newer_signals_waits_and_goes_on(scene: Scene) -> None:
    """Safari 15.4 has neither; a third wrong PIN disabled the form for good there."""
    scene.visitor.page.add_init_script("delete AbortSignal.any; delete AbortSignal.timeout")
    scene.visitor.page.clock.install()
    scene.wait()
    scene.visitor.page.clock.fast_forward("01:01")
    scene.api.answers_as_usual("/login")
    scene.visitor.fill(scene.visitor.words.pin, PIN)
    scene.visitor.press(scene.visitor.words.sign_in)

    scene.visitor.sees(scene.visitor.words.area_title)
