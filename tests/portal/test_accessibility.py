"""The portal is accessible: axe-core finds nothing, text grows, motion stops, screen readers read in order."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from local.portal_site import SiteSources, site
from simulators.browser.portal import ENGLISH, PHONE, Colours
from simulators.browser.portal_scenes import SCENES, Scene
from simulators.template import ROOT, project_template
from tests.support.axe import OF_STYLES, violations
from tests.support.rgaa import faults, space_text, space_text_as_before

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.portal.conftest import OpenScene

pytestmark = pytest.mark.needs("npm")

BRANDS = ROOT / "docs" / "brands"
COLOURS: Final[tuple[Colours, ...]] = ("light", "dark")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """[...document.querySelectorAll('main *, dialog[open] *')]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.matches('input, .spoken'))
  .map(e => e.outerHTML)"""
BOXES = ".alert, .error-summary, .notice, .field-error"
TEXT_SIZE = "parseFloat(getComputedStyle(document.querySelector('main p, main label')).fontSize)"


@cache
def styles(brand: str) -> str:
    """The style sheet of the portal in one of the example brands."""
    portal = {
        path.relative_to(ROOT / "portal").as_posix(): path.read_bytes()
        for path in (ROOT / "portal").rglob("*")
        if path.is_file()
    }
    sources = SiteSources.read(ROOT, portal, BRANDS / brand)
    parameters = {**project_template().parameter_defaults(), "PublicOrigin": "http://localhost"}
    return site(sources, parameters, date(2026, 11, 30))["brand/styles.css"].decode()


def wear(page: Page, brand: str) -> None:
    """Show the page in a brand, without loading it again."""
    page.route(f"**/styles.css?{brand}", lambda route: route.fulfill(body=styles(brand), content_type="text/css"))
    page.evaluate(
        """brand => new Promise((worn) => {
          const link = document.querySelector('link[rel=stylesheet]');
          link.addEventListener('load', worn, { once: true });
          link.href = `${link.href.split('?')[0]}?${brand}`;
        })""",
        brand,
    )


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_is_accessible(opened: OpenScene, name: str) -> None:
    """By day and by night, on the narrowest phone, and with text of twice the size (WCAG 2.2 §1.4.4, §1.4.10).

    Then in English, and in every brand.
    """
    # Calm: half-way through a change of colours nothing is as it will be.
    with opened(size=PHONE, calm=True) as scene:
        SCENES[name](scene)
        page = scene.visitor.page
        check_by_day_and_by_night(page)
        if not page.locator("dialog[open]").count():
            boxes = page.locator(BOXES).count()
            page.get_by_role("link", name=ENGLISH.switch).click()
            check_in_english(page)
            assert page.locator(BOXES).count() == boxes, "what was said is still there"
            return
    # A dialog leaves no way to the links above it.
    with opened(ENGLISH, size=PHONE, calm=True) as scene:
        SCENES[name](scene)
        check_in_english(scene.visitor.page)


def check_by_day_and_by_night(page: Page) -> None:
    assert violations(page) == []
    assert faults(page) == []
    assert page.evaluate(SIDEWAYS) == 0

    page.emulate_media(color_scheme="dark")
    assert violations(page, OF_STYLES) == []

    page.set_viewport_size({"width": 640, "height": 900})
    space_text(page)
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(CUT) == []
    space_text_as_before(page)
    size = page.evaluate(TEXT_SIZE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(TEXT_SIZE) == 2 * size
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(CUT) == []
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    page.emulate_media(color_scheme="light")


def check_in_english(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert violations(page) == []
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(CUT) == []
    for brand in ("rivages", "lierre"):
        wear(page, brand)
        for colours in COLOURS:
            page.emulate_media(color_scheme=colours)
            assert violations(page, OF_STYLES) == []
        assert page.evaluate(SIDEWAYS) == 0


def test_axe_does_find_what_is_wrong(scene: Scene) -> None:
    scene.sign_in()
    scene.visitor.page.evaluate("document.querySelector('label').remove()")

    assert "label" in [found.split(":")[0] for found in violations(scene.visitor.page)]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ("document.querySelector('svg').removeAttribute('aria-hidden')", "1.2"),
        ("document.querySelector('main').append(document.createElement('table'))", "5.1"),
        ("document.querySelector('main form').id = 'main'", "8.2"),
        ("document.title = 'Mutuelle'", "8.6"),
        ("document.querySelector('h1').remove()", "9.1"),
        ("document.querySelector('.legal p a').style.textDecoration = 'none'", "10.6"),
        ("document.querySelector('#pin').autocomplete = ''", "11.13"),
        ("document.querySelector('.skip').remove()", "12.7"),
    ],
)
def test_the_rules_of_the_rgaa_do_find_what_is_wrong(scene: Scene, broken: str, rule: str) -> None:
    scene.sign_in()
    scene.visitor.page.evaluate(broken)

    assert rule in [found.split(" ")[0] for found in faults(scene.visitor.page)]


def test_nothing_moves_where_the_reader_prefers_it(opened: OpenScene) -> None:
    moving = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s').length"
    with opened(calm=True) as calm, opened() as usual:
        calm.keypad()
        usual.keypad()

        assert calm.visitor.page.evaluate(moving) == 0
        assert usual.visitor.page.evaluate(moving) > 0


def test_a_screen_reader_reads_the_sign_in_in_order(scene: Scene) -> None:
    scene.sign_in()

    expect(scene.visitor.page.locator("body")).to_match_aria_snapshot("""
- link "Aller au contenu"
- banner:
  - link "Mutuelle de l’Exemple"
  - paragraph: Espace Adhérent
  - navigation "Langue":
    - paragraph: Langue
    - list:
      - listitem:
        - link "FR Français"
      - listitem:
        - link "EN English"
  - status
- status
- main:
  - alert
  - heading "Se connecter" [level=1]
  - paragraph: L’identifiant et le mot de passe sont obligatoires.
  - text: Identifiant
  - paragraph: "De 6 à 12 lettres ou chiffres : il figure sur vos courriers."
  - textbox "Identifiant"
  - text: Mot de passe à 6 chiffres
  - textbox "Mot de passe à 6 chiffres"
  - button "Afficher Mot de passe à 6 chiffres"
  - status
  - status
  - button "Clavier à l’écran"
  - checkbox "Se souvenir de mon identifiant sur cet appareil"
  - text: Se souvenir de mon identifiant sur cet appareil
  - button "Me connecter"
  - status
  - navigation "Je n’arrive pas à me connecter":
    - heading "Je n’arrive pas à me connecter" [level=2]
    - list:
      - listitem:
        - link "Première connexion"
      - listitem:
        - link "Mot de passe oublié"
      - listitem:
        - link "J’ai déjà un code"
      - listitem:
        - link "Retrouver mon identifiant"
- complementary "Besoin d’aide ?":
  - heading "Besoin d’aide ?" [level=2]
  - paragraph:
    - link "01 99 00 12 34"
  - paragraph: Du lundi au vendredi, de 9 h à 18 h. Prix d’un appel local.
  - list:
    - listitem:
      - link "Consulter l’aide en ligne"
    - listitem:
      - 'link "Sourd ou malentendant : nous contacter"'
  - region "Votre sécurité":
    - heading "Votre sécurité" [level=2]
    - paragraph: /Nous ne vous demanderons jamais votre mot de passe/
    - paragraph:
      - link "Protéger votre compte"
- contentinfo:
  - navigation "Informations légales":
    - heading "Informations légales" [level=2]
    - list:
      - listitem:
        - link "Notre site"
      - listitem:
        - link "Mentions légales"
      - listitem:
        - link "Données personnelles"
      - listitem:
        - link /Accessibilité/
      - listitem:
        - link "Protéger votre compte"
  - paragraph:
    - text: Ce site n’utilise que des cookies nécessaires à la connexion.
    - link "En savoir plus sur les cookies"
""")


def test_a_screen_reader_reads_the_code_screen_in_order(scene: Scene) -> None:
    scene.nothing_received()

    expect(scene.visitor.page.get_by_role("main")).to_match_aria_snapshot("""
- alert
- paragraph: Étape 2 sur 3
- heading "Saisir le code reçu par e-mail" [level=1]
- paragraph: /Si cet identifiant est exact, un code à 6 chiffres, valable jusqu’à \\d\\d.h.\\d\\d, arrive par e-mail\\./
- paragraph:
  - strong: A1234567
- paragraph:
  - text: Ce n’est pas le bon ?
  - link "Corriger"
- paragraph: Ce champ est obligatoire.
- text: Code à 6 chiffres reçu par e-mail
- textbox "Code à 6 chiffres reçu par e-mail"
- status
- button "Vérifier"
- status
- group:
  - text: Je n’ai rien reçu
  - paragraph: Si vous n’avez pas reçu l’e-mail, regardez dans vos courriers indésirables ou vos spams.
  - paragraph: /vérifiez l’identifiant ci-dessus/
  - alert
  - button "Demander un autre code" [disabled]
  - status
  - paragraph: /Vous pourrez demander un autre code dans/
  - alert
  - paragraph: /Vous n’avez plus accès à cette boîte e-mail/
  - button "Recevoir le code par courrier"
  - status
- list:
  - listitem:
    - link "Revenir à la connexion"
""")


def test_the_focus_goes_to_the_title_of_a_new_screen(scene: Scene) -> None:
    scene.sign_in()
    scene.visitor.press(scene.visitor.words.forgotten_pin)

    expect(scene.visitor.page.get_by_role("heading", level=1)).to_be_focused()


def test_the_focus_goes_to_the_list_of_several_errors_then_to_a_field(scene: Scene) -> None:
    """As in GOV.UK's error summary; the title of the page says that something is wrong."""
    scene.empty_form()
    page = scene.visitor.page
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title("Erreur : Se connecter – Mutuelle de l’Exemple")
    page.locator(".error-summary").get_by_role("link", name="Saisissez votre mot de passe.").click()

    field = scene.visitor.field(scene.visitor.words.pin)
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Saisissez votre mot de passe.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_url(scene.url)


def test_the_focus_goes_to_the_one_wrong_field_and_its_error(scene: Scene) -> None:
    scene.wrong_code()
    field = scene.visitor.field(scene.visitor.words.email_code)

    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Ce code est incorrect ou n’est plus valable"))


def test_a_list_of_buttons_names_each_once(scene: Scene) -> None:
    scene.change_pin()
    buttons = scene.visitor.page.get_by_role("main").get_by_role("button")

    names = [line.removeprefix("- button ") for line in buttons.all_inner_texts()]
    assert len(names) == len(set(names))


def test_the_focus_is_not_lost_while_the_form_waits_nor_after(scene: Scene) -> None:
    scene.visitor.page.clock.install()
    scene.wait()
    expect(scene.visitor.page.locator(".alert")).to_be_focused()

    scene.visitor.page.clock.fast_forward(61_000)

    expect(scene.visitor.field(scene.visitor.words.pin)).to_be_focused()


def test_the_first_press_of_tab_offers_to_skip_to_the_content(scene: Scene) -> None:
    scene.forgotten_pin()
    scene.visitor.page.keyboard.press("Tab")
    expect(scene.visitor.page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    scene.visitor.page.keyboard.press("Enter")
    expect(scene.visitor.page.get_by_role("main")).to_be_focused()

    scene.visitor.sees(scene.visitor.words.forgotten_pin)


def test_the_dialog_at_the_end_of_a_session_takes_the_focus(scene: Scene) -> None:
    scene.session_ends()

    stay = scene.visitor.page.get_by_role("dialog").get_by_role("button", name=scene.visitor.words.stay)
    expect(stay).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Space", "Escape"])
def test_a_key_at_the_dialog_keeps_the_session_and_gives_the_focus_back(scene: Scene, key: str) -> None:
    scene.session_ends()
    scene.visitor.page.keyboard.press(key)

    expect(scene.visitor.page.get_by_role("dialog")).to_be_hidden()
    expect(scene.visitor.page.get_by_role("heading", level=1)).to_be_focused()
    scene.visitor.sees(scene.visitor.words.area_title)
    assert [path for path, _ in scene.api.calls] == ["/login", "/login/refresh"]


def test_the_language_of_the_page_is_the_one_it_is_in(scene: Scene) -> None:
    scene.sign_in()
    html = scene.visitor.page.locator("html")
    expect(html).to_have_attribute("lang", "fr")
    scene.visitor.press("EN English")

    expect(html).to_have_attribute("lang", "en")
    expect(scene.visitor.page).to_have_title("Sign in – Mutuelle de l’Exemple")
