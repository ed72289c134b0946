"""The session on the page: it goes on while the member is active, and announces its end otherwise, in every tab."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from login.contract import SessionExpired
from simulators.browser.portal import Visitor
from simulators.browser.portal_scenes import PIN, Scene
from simulators.scripted_api import IDENTIFIER, ScriptedApi, tokens_of

MINUTE = 60_000


def second_tab(scene: Scene) -> Scene:
    """The same browser's other tab, where the member is signed in as well."""
    page = scene.visitor.page.context.new_page()
    other = Scene(Visitor(page, scene.visitor.words), ScriptedApi(page), scene.url)
    other.visitor.visit(other.url)
    other.visitor.sees(other.visitor.words.area_title)
    return other


def calls(scene: Scene, path: str) -> int:
    return [one for one, _ in scene.api.calls].count(path)


def test_a_member_who_is_active_goes_on(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.member()
    scene.visitor.page.clock.fast_forward(13 * MINUTE)
    scene.visitor.page.keyboard.press("Shift")
    with scene.visitor.page.expect_response("**/v1/login/refresh"):
        scene.visitor.page.clock.fast_forward(2 * MINUTE)

    assert calls(scene, "/login/refresh") == 1


def test_an_absent_member_is_warned_and_stays_by_a_button(scene: Scene) -> None:
    scene.session_ends()
    dialog = scene.visitor.page.get_by_role("dialog", name=scene.visitor.words.still_there)
    expect(dialog.get_by_role("timer")).to_have_text("Il reste 1 minute.")

    scene.visitor.press(scene.visitor.words.stay)

    expect(dialog).to_be_hidden()
    scene.visitor.sees(scene.visitor.words.area_title)
    assert calls(scene, "/login/refresh") == 1


def test_who_stays_away_is_led_to_the_sign_in(scene: Scene) -> None:
    scene.session_ends()
    scene.api.refuses("/login/refresh", SessionExpired())
    scene.visitor.page.clock.fast_forward(2 * MINUTE)

    scene.visitor.reads("Votre session est terminée. Connectez-vous à nouveau.")
    expect(scene.visitor.page.get_by_role("dialog")).to_be_hidden()


def test_a_session_that_the_api_has_ended_leads_to_the_sign_in(scene: Scene) -> None:
    scene.session_ends()
    scene.api.refuses("/login/refresh", SessionExpired())
    scene.visitor.press(scene.visitor.words.stay)

    scene.visitor.reads("Votre session est terminée. Connectez-vous à nouveau.")


def test_a_failed_refresh_leaves_the_choice(scene: Scene) -> None:
    scene.session_ends()
    scene.api.is_cut_off(cut=True)
    scene.visitor.press(scene.visitor.words.stay)
    said = scene.visitor.page.get_by_role("dialog").get_by_text(scene.visitor.words.unreachable)
    said.wait_for()
    scene.visitor.page.clock.run_for(2000)
    expect(said).to_be_visible()
    scene.api.is_cut_off(cut=False)
    scene.visitor.press(scene.visitor.words.stay)

    expect(scene.visitor.page.get_by_role("dialog")).to_be_hidden()


def test_escape_does_not_take_the_choice_away(scene: Scene) -> None:
    scene.session_ends()
    scene.api.is_cut_off(cut=True)
    dialog = scene.visitor.page.get_by_role("dialog", name=scene.visitor.words.still_there)
    for _ in range(4):
        scene.visitor.page.keyboard.press("Escape")
        dialog.get_by_text("Le service ne répond pas").wait_for()

    expect(dialog).to_be_visible()
    # The clock runs while the API does not answer.
    expect(dialog.get_by_role("timer")).to_have_text(re.compile(r"Il reste (1 minute|\d\d secondes)\."))


def test_who_signs_out_in_one_tab_is_signed_out_in_the_other(scene: Scene) -> None:
    scene.member()
    other = second_tab(scene)
    other.visitor.press(other.visitor.words.sign_out)
    other.visitor.reads(other.visitor.words.signed_out)

    scene.visitor.reads(scene.visitor.words.signed_out)


KEPT = "JSON.stringify({...sessionStorage})"


def test_signing_out_clears_what_the_tab_remembered(scene: Scene) -> None:
    scene.identifier_found()
    scene.visitor.press(scene.visitor.words.sign_in)
    scene.visitor.sign_in(IDENTIFIER, PIN)
    scene.visitor.sees(scene.visitor.words.area_title)
    assert IDENTIFIER in scene.visitor.page.evaluate(KEPT)
    scene.visitor.press(scene.visitor.words.sign_out)
    scene.visitor.reads(scene.visitor.words.signed_out)

    assert scene.visitor.page.evaluate(KEPT) == "{}"
    expect(scene.visitor.field(scene.visitor.words.identifier)).to_have_value("")
    scene.at("identifier-found")
    expect(scene.visitor.page).not_to_have_url(f"{scene.url}#/identifier-found")


def test_an_identifier_is_remembered_only_if_its_member_wants_it(scene: Scene) -> None:
    """Off by default, because computers are shared; signing out leaves it."""
    scene.sign_in()
    words = scene.visitor.words
    remember = scene.visitor.page.get_by_role("checkbox", name=words.remember)
    expect(remember).not_to_be_checked()
    remember.check()
    scene.visitor.sign_in(IDENTIFIER, PIN)
    scene.visitor.sees(words.area_title)
    scene.visitor.press(words.sign_out)
    scene.visitor.reads(words.signed_out)
    expect(scene.visitor.field(words.identifier)).to_have_value(IDENTIFIER)
    expect(remember).to_be_checked()

    remember.uncheck()
    scene.visitor.page.reload()
    expect(scene.visitor.field(words.identifier)).to_have_value("")


def test_the_end_of_a_session_clears_what_the_tab_remembered(scene: Scene) -> None:
    scene.session_ends()
    scene.api.refuses("/login/refresh", SessionExpired())
    scene.visitor.page.clock.fast_forward(2 * MINUTE)
    scene.visitor.reads("Votre session est terminée. Connectez-vous à nouveau.")

    assert scene.visitor.page.evaluate(KEPT) == "{}"


def test_a_member_who_changed_the_pin_need_not_type_the_identifier(scene: Scene) -> None:
    scene.change_pin()
    words = scene.visitor.words
    for label in (words.present_pin, words.new_pin, words.confirmation):
        scene.visitor.fill(label, PIN)
    scene.visitor.press(words.save)
    scene.visitor.reads(words.changed)

    expect(scene.visitor.field(words.identifier)).to_have_value(IDENTIFIER)


def test_a_refresh_that_is_answered_late_does_not_undo_the_sign_out(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.member()
    scene.visitor.page.clock.fast_forward(15 * MINUTE)
    scene.api.hold()
    with scene.visitor.page.expect_request("**/v1/login/refresh"):
        scene.visitor.press(scene.visitor.words.sign_out)
    scene.api.let_go()

    scene.visitor.reads(scene.visitor.words.signed_out)
    assert [path for path, _ in scene.api.calls] == ["/login", "/login/refresh", "/logout"]
    scene.visitor.press(scene.visitor.words.forgotten_pin)
    scene.visitor.press("Revenir à la connexion")
    scene.visitor.sees(scene.visitor.words.sign_in_title)


def test_a_refresh_that_is_answered_after_a_sign_out_elsewhere_is_taken_back(scene: Scene) -> None:
    scene.session_ends()
    scene.api.hold()
    with scene.visitor.page.expect_request("**/v1/login/refresh"):
        scene.visitor.press(scene.visitor.words.stay)
    sign_out_elsewhere(scene)
    scene.visitor.page.evaluate("dispatchEvent(new StorageEvent('storage', {key: 'session-refreshed-at'}))")
    scene.visitor.reads(scene.visitor.words.signed_out)
    with scene.visitor.page.expect_request("**/v1/logout"):
        scene.api.let_go()

    scene.visitor.page.reload()
    scene.visitor.sees(scene.visitor.words.sign_in_title)


def sign_out_elsewhere(scene: Scene) -> None:
    """Another tab has signed out, while this one was frozen: no event comes."""
    scene.visitor.page.evaluate("localStorage.removeItem('session-refreshed-at')")


def test_a_clock_that_jumps_forward_ends_no_session_that_the_api_knows(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.member()
    now = scene.visitor.page.evaluate("Date.now()")
    scene.visitor.page.clock.set_system_time((now + 31 * MINUTE) / 1000)
    with scene.visitor.page.expect_response("**/v1/login/refresh"):
        scene.visitor.page.keyboard.press("Shift")
    scene.visitor.sees(scene.visitor.words.area_title)

    scene.visitor.page.reload()
    scene.visitor.sees(scene.visitor.words.area_title)


def test_a_page_that_opens_with_a_wrong_clock_asks_the_api(scene: Scene) -> None:
    scene.member()
    scene.visitor.page.evaluate("localStorage.setItem('session-refreshed-at', String(Date.now() - 3_600_000))")
    scene.visitor.page.reload()

    scene.visitor.sees(scene.visitor.words.area_title)


def test_a_clock_that_is_set_back_is_noticed(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.member()
    now = scene.visitor.page.evaluate("Date.now()")
    scene.visitor.page.clock.set_system_time((now - 24 * 60 * MINUTE) / 1000)
    with scene.visitor.page.expect_response("**/v1/login/refresh"):
        scene.visitor.page.keyboard.press("Shift")

    scene.visitor.page.clock.fast_forward(29 * MINUTE)
    expect(scene.visitor.page.get_by_role("dialog", name=scene.visitor.words.still_there)).to_be_visible()


COMES_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


def test_going_back_after_a_sign_out_shows_no_member(scene: Scene) -> None:
    """A page from the back/forward cache has missed the events (auth0/auth0-react#562)."""
    scene.member()
    sign_out_elsewhere(scene)
    scene.visitor.page.evaluate(COMES_BACK)

    scene.visitor.reads(scene.visitor.words.signed_out)
    expect(scene.visitor.page.get_by_text(IDENTIFIER)).to_have_count(0)
    assert scene.visitor.page.evaluate(KEPT) == "{}"


def test_going_back_to_a_session_asks_whose_it_is(scene: Scene) -> None:
    scene.member()
    scene.api.answers("/login/refresh", 200, tokens_of("B7654321"))
    scene.visitor.page.evaluate(COMES_BACK)

    scene.visitor.reads("Votre session est ouverte avec l’identifiant B7654321.")


def test_other_tabs_notice_a_sign_in(scene: Scene) -> None:
    scene.sign_in()
    page = scene.visitor.page.context.new_page()
    other = Scene(Visitor(page, scene.visitor.words), ScriptedApi(page), scene.url)
    other.sign_in()
    other.visitor.sign_in(IDENTIFIER, PIN)
    other.visitor.sees(other.visitor.words.area_title)

    scene.visitor.sees(scene.visitor.words.area_title)


def test_a_lost_refresh_is_asked_for_again_while_the_api_still_answers_it(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.member()
    scene.visitor.page.clock.fast_forward(13 * MINUTE)
    scene.visitor.page.keyboard.press("Shift")
    scene.api.is_cut_off(cut=True)
    with scene.visitor.page.expect_event("requestfailed"):
        scene.visitor.page.clock.fast_forward(2 * MINUTE)
    scene.api.is_cut_off(cut=False)
    with scene.visitor.page.expect_response("**/v1/login/refresh"):
        scene.visitor.page.clock.run_for(10_000)

    scene.visitor.sees(scene.visitor.words.area_title)
    assert calls(scene, "/login/refresh") == 2


def test_a_tab_shows_the_member_whose_session_the_browser_has(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.member()
    scene.api.answers("/login/refresh", 200, tokens_of("B7654321"))
    scene.visitor.page.clock.fast_forward(15 * MINUTE)
    scene.visitor.page.keyboard.press("Shift")

    scene.visitor.reads("Votre session est ouverte avec l’identifiant B7654321.")


def test_a_page_without_a_session_asks_for_none(scene: Scene) -> None:
    scene.sign_in()

    assert scene.api.calls == []


def test_the_member_area_is_for_members_alone(scene: Scene) -> None:
    scene.at("member")

    scene.visitor.sees(scene.visitor.words.sign_in_title)
    scene.visitor.reads("Connectez-vous pour accéder à votre espace.")
