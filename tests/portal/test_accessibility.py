"""The portal is accessible: axe-core finds nothing, text grows, motion stops, screen readers read in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from simulators.browser.portal import ENGLISH, PHONE
from simulators.browser.portal_scenes import SCENES, Scene
from tests.support.axe import violations

if TYPE_CHECKING:
    from tests.portal.conftest import OpenScene

pytestmark = pytest.mark.needs("npm")

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """[...document.querySelectorAll('main *, dialog[open] *')]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.matches('input, .spoken'))
  .map(e => e.outerHTML)"""
TEXT_SIZE = "parseFloat(getComputedStyle(document.querySelector('main p, main label')).fontSize)"


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_is_accessible(opened: OpenScene, name: str) -> None:
    """By day and by night, on the narrowest phone, and with text of twice the size (WCAG 2.2 §1.4.4, §1.4.10)."""
    # Calm: half-way through a change of colours nothing is as it will be.
    with opened(size=PHONE, calm=True) as scene:
        SCENES[name](scene)
        page = scene.visitor.page
        assert violations(page) == []
        assert page.evaluate(SIDEWAYS) == 0

        page.emulate_media(color_scheme="dark")
        assert violations(page) == []

        page.set_viewport_size({"width": 640, "height": 900})
        size = page.evaluate(TEXT_SIZE)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(TEXT_SIZE) == 2 * size
        assert page.evaluate(SIDEWAYS) == 0
        assert page.evaluate(CUT) == []


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_is_accessible_in_english_too(opened: OpenScene, name: str) -> None:
    with opened(ENGLISH, size=PHONE, calm=True) as scene:
        SCENES[name](scene)
        page = scene.visitor.page

        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert violations(page) == []
        assert page.evaluate(SIDEWAYS) == 0
        assert page.evaluate(CUT) == []


def test_axe_does_find_what_is_wrong(scene: Scene) -> None:
    scene.sign_in()
    scene.visitor.page.evaluate("document.querySelector('label').remove()")

    assert "label" in [found.split(":")[0] for found in violations(scene.visitor.page)]


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
  - navigation "Langue, language":
    - list:
      - listitem:
        - link "FR Français"
      - listitem:
        - link "EN English"
  - status
- status
- main:
  - heading "Se connecter" [level=1]
  - alert
  - text: Identifiant
  - paragraph: "De 6 à 12 lettres ou chiffres : il figure sur vos courriers."
  - textbox "Identifiant"
  - text: Mot de passe à 6 chiffres
  - textbox "Mot de passe à 6 chiffres"
  - button "Afficher les chiffres"
  - button "Clavier à l’écran"
  - button "Me connecter"
  - status
  - navigation "Je n’arrive pas à me connecter":
    - heading "Je n’arrive pas à me connecter" [level=2]
    - list:
      - listitem:
        - link "Mot de passe oublié"
      - listitem:
        - link "J’ai reçu mon courrier"
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
    scene.code()

    expect(scene.visitor.page.get_by_role("main")).to_match_aria_snapshot("""
- heading "Saisir le code reçu par e-mail" [level=1]
- paragraph: /Si l’identifiant A1234567 est exact, un code à 6 chiffres vient d’être envoyé/
- paragraph: /Il est valable jusqu’à \\d\\d:\\d\\d\\./
- paragraph: Si vous n’avez pas reçu l’e-mail, regardez dans vos courriers indésirables ou vos spams.
- alert
- text: Code à 6 chiffres reçu par e-mail
- paragraph: Saisissez-le ici, dans le navigateur où vous l’avez demandé.
- textbox "Code à 6 chiffres reçu par e-mail"
- button "Vérifier"
- status
- alert
- heading "Vous n’avez rien reçu ?" [level=2]
- button "Renvoyer un code" [disabled]
- status
- paragraph: /Vous pourrez demander un nouveau code dans 0:\\d\\d\\./
- alert
- paragraph: Vous n’avez plus accès à cette boîte e-mail ? Le code peut venir par courrier, sous huitaine.
- button "Recevoir le code par courrier"
- status
- list:
  - listitem:
    - link "Utiliser un autre identifiant"
  - listitem:
    - link "Revenir à la connexion"
""")


def test_the_focus_goes_to_the_title_of_a_new_screen(scene: Scene) -> None:
    scene.sign_in()
    scene.visitor.press(scene.visitor.words.forgotten_pin)

    expect(scene.visitor.page.get_by_role("heading", level=1)).to_be_focused()


def test_the_focus_goes_to_the_first_wrong_field_and_its_error(scene: Scene) -> None:
    scene.empty_form()
    field = scene.visitor.field(scene.visitor.words.identifier)

    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("il figure sur vos courriers.*Ce champ est obligatoire"))
    expect(field).to_have_attribute("aria-invalid", "true")


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
