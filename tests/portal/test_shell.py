"""What stands around the screens: header, help, footer, notices, and what shows when the page cannot start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from simulators.browser.portal import ENGLISH, PHONE
from tests.support.axe import violations
from tests.support.rgaa import faults

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from simulators.browser.portal_scenes import Scene
    from tests.portal.conftest import OpenScene

TELEPHONE = "tel:0199001234"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOPS = "(all) => all.map((one) => one.getBoundingClientRect().top)"
LINES = "(link) => link.getClientRects().length"
SHIFTS = """() => new Promise((told) => {
  new PerformanceObserver((list) => told(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(0), 300);
})"""
FAILED = "L’espace adhérent n’a pas pu s’ouvrir"
TOO_OLD = "Votre navigateur est trop ancien"
PAGES = ("legal-notice", "personal-data", "accessibility", "security-advice")


def says_whom_to_call(page: Page, title: str) -> None:
    """The page shows a title, and the telephone number as a link beside it and in the help."""
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(page.get_by_role("main").locator(f'a[href="{TELEPHONE}"]:visible').first).to_be_visible()
    expect(page.get_by_role("complementary").locator(f'a[href="{TELEPHONE}"]')).to_be_visible()
    expect(page.get_by_role("img", name="Mutuelle de l’Exemple")).to_be_visible()


def test_without_javascript_there_are_a_name_and_a_number(headless: Browser, url: str) -> None:
    with headless.new_page(java_script_enabled=False) as page:
        page.goto(url)

        says_whom_to_call(page, "Cette page a besoin de JavaScript")
        expect(page.get_by_role("link", name="Mentions légales")).to_be_visible()


@pytest.mark.parametrize("file", ["config.json", "router.js", "texts/fr.js", "main.js"])
def test_a_start_that_fails_says_whom_to_call_and_can_be_tried_again(scene: Scene, file: str) -> None:
    page = scene.visitor.page
    page.route(f"**/{file}", lambda route: route.fulfill(status=503, body="<html>"))
    page.goto(scene.url)

    says_whom_to_call(page, FAILED)
    page.unroute(f"**/{file}")
    page.get_by_role("link", name="Réessayer").click()
    scene.visitor.sees(scene.visitor.words.sign_in_title)


@pytest.mark.parametrize("missing", ["delete Object.hasOwn", "delete window.HTMLDialogElement"])
def test_an_older_browser_says_so_and_whom_to_call(scene: Scene, missing: str) -> None:
    page = scene.visitor.page
    page.add_init_script(missing)
    # It would not run the modules either.
    page.route("**/main.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(scene.url)

    says_whom_to_call(page, TOO_OLD)
    expect(page.get_by_role("heading", name=FAILED)).to_be_hidden()


def test_a_picture_that_is_missing_stops_nothing(scene: Scene) -> None:
    scene.visitor.page.route("**/logo.svg", lambda route: route.fulfill(status=404))
    scene.sign_in()

    expect(scene.visitor.page.get_by_role("heading", name=FAILED)).to_have_count(0)


@pytest.mark.parametrize("words", [None, ENGLISH])
def test_the_telephone_number_is_a_link_on_one_line(opened: OpenScene, words: None) -> None:
    with opened(**({"words": words} if words else {}), size=PHONE) as scene:
        scene.internal_error()
        links = scene.visitor.page.locator(f'a[href="{TELEPHONE}"]:visible')

        assert links.count() == 2
        assert links.evaluate_all(f"(links) => links.map({LINES})") == [1, 1]


@pytest.mark.parametrize("size", [{"width": 320, "height": 256}, {"width": 360, "height": 740}])
def test_large_text_on_a_narrow_screen_needs_no_sideways_scrolling(opened: OpenScene, size: dict[str, int]) -> None:
    """At 400 % zoom of 1280 by 1024 pixels (WCAG 2.2 §1.4.10), and with text of twice the size (§1.4.4)."""
    with opened(size=size) as scene:
        scene.sign_in()
        page = scene.visitor.page
        assert page.evaluate(SIDEWAYS) == 0

        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(SIDEWAYS) == 0
        telephone = page.get_by_role("complementary").locator(f'a[href="{TELEPHONE}"]')
        assert telephone.evaluate(LINES) == 1


def test_a_printed_page_has_no_buttons_and_no_focus(scene: Scene) -> None:
    scene.wrong_pin()
    page = scene.visitor.page
    page.emulate_media(media="print")

    expect(page.locator("button:visible, .button:visible")).to_have_count(0)
    assert page.locator(":focus").evaluate("(one) => getComputedStyle(one).outlineStyle") == "none"


def test_the_choice_of_a_language_stays_where_it_was(opened: OpenScene) -> None:
    with opened(size=PHONE) as scene:
        scene.sign_in()
        header = scene.visitor.page.get_by_role("banner")
        english = header.get_by_role("link", name="EN English")
        before = (english.bounding_box(), header.bounding_box())
        english.click()
        scene.visitor.sees("Sign in")

        assert (english.bounding_box(), header.bounding_box()) == before
        expect(english).to_have_attribute("aria-current", "true")
        expect(header.get_by_role("link", name="FR Français")).not_to_have_attribute("aria-current", "true")


def test_an_address_can_name_the_language(scene: Scene) -> None:
    scene.visitor.visit(f"{scene.url}?lang=en")

    scene.visitor.sees("Sign in")
    legal = scene.visitor.page.get_by_role("link", name="Legal notice")
    expect(legal).to_have_attribute("href", "pages/legal-notice.en.html")


def test_a_notice_stands_on_top_of_every_screen_in_the_language_of_the_page(scene: Scene) -> None:
    notice = {"level": "warning", "fr": "Service interrompu samedi.", "en": "No service on Saturday."}
    scene.visitor.page.route("**/brand/notice.json", lambda route: route.fulfill(body=json.dumps(notice)))
    scene.sign_in()
    shown = scene.visitor.page.locator(".notice-warning")

    expect(shown).to_have_text("Service interrompu samedi.")
    scene.visitor.press("Mot de passe oublié")
    scene.visitor.sees("Mot de passe oublié")
    scene.visitor.press("EN English")
    expect(shown).to_have_text("No service on Saturday.")
    assert violations(scene.visitor.page) == []


def test_the_form_does_not_wait_for_a_notice(scene: Scene) -> None:
    # No answer and no refusal.
    scene.visitor.page.route("**/brand/notice.json", lambda _: None)
    scene.sign_in()

    expect(scene.visitor.field("Identifiant")).to_be_editable()


def test_nothing_moves_while_the_first_screen_comes(opened: OpenScene) -> None:
    for size in (PHONE, {"width": 768, "height": 1024}, {"width": 1280, "height": 900}):
        with opened(size=size) as scene:
            scene.sign_in()
            scene.visitor.page.wait_for_load_state("networkidle")

            assert scene.visitor.page.evaluate(SHIFTS) < 0.05


def test_nothing_moves_when_the_button_for_a_passkey_comes(opened: OpenScene) -> None:
    for width in (320, 390, 768, 1280):
        with opened(size={"width": width, "height": 900}) as scene:
            scene.sign_in()
            page = scene.visitor.page
            links = page.locator(".ways a, footer a")
            before = links.evaluate_all(TOPS)
            page.keyboard.press("Shift")
            page.locator(".passkey button").wait_for()

            assert len(before) > 8
            assert links.evaluate_all(TOPS) == pytest.approx(before, abs=1)


def test_header_content_and_footer_share_one_grid(scene: Scene) -> None:
    scene.sign_in()
    page = scene.visitor.page
    lefts = [page.locator(one).bounding_box() for one in (".brand", "main", ".legal nav")]
    rights = [page.locator(one).bounding_box() for one in (".help-column", ".legal nav")]

    assert len({box["x"] for box in lefts if box}) == 1
    assert len({box["x"] + box["width"] for box in rights if box}) == 1


def test_a_screen_has_one_loud_button(scene: Scene) -> None:
    scene.keypad()
    loud = "(all) => all.filter((one) => getComputedStyle(one).backgroundColor === 'rgb(11, 85, 99)').length"
    buttons = scene.visitor.page.get_by_role("main").locator("button:visible")

    assert buttons.count() > 3
    assert buttons.evaluate_all(loud) == 1


def test_the_member_area_is_marked_as_a_demonstration(scene: Scene) -> None:
    scene.member()

    scene.visitor.reads(
        "Démonstration : à la place des exemples ci-dessous, votre mutuelle vous conduit à ses propres services."
    )


def test_members_are_led_to_the_area_that_the_insurer_names(scene: Scene) -> None:
    config = {"api_url": "/v1", "insurer": "M", "helpline": "1", "session_idle_seconds": 1800}
    config |= {"after_sign_in_url": {"fr": "/pages/legal-notice.fr.html", "en": "/"}}
    scene.visitor.page.route("**/config.json", lambda route: route.fulfill(body=json.dumps(config)))
    scene.sign_in()
    scene.visitor.sign_in("A1234567", "738264")

    scene.visitor.page.wait_for_url("**/pages/legal-notice.fr.html")


@pytest.mark.needs("npm")
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_around_the_screens_are_accessible(headless: Browser, url: str, language: str) -> None:
    with headless.new_page(viewport=PHONE, reduced_motion="reduce") as page:  # type: ignore[arg-type]  # width and height
        for name in PAGES:
            page.goto(f"{url}pages/{name}.{language}.html")
            assert violations(page) == []
            assert faults(page) == []
            assert page.evaluate(SIDEWAYS) == 0
            page.emulate_media(color_scheme="dark")
            assert violations(page) == []
            page.emulate_media(color_scheme="light")


@pytest.mark.needs("npm")
def test_the_page_for_unknown_addresses_is_accessible(headless: Browser, url: str) -> None:
    with headless.new_page(viewport=PHONE, locale="fr-FR") as page:  # type: ignore[arg-type]  # width and height
        answer = page.goto(f"{url}nowhere")

        assert answer is not None
        assert answer.status == 404
        assert violations(page) == []
        assert faults(page) == []
        page.get_by_role("link", name="Me connecter").click()
        expect(page.get_by_role("heading", name="Se connecter", level=1)).to_be_visible()
