"""What can be typed into the fields of the portal, and by what: fingers, a clipboard, a password manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from simulators.scripted_api import IDENTIFIER

if TYPE_CHECKING:
    from simulators.browser.portal_scenes import Scene


def test_a_pin_is_hidden_until_its_digits_are_asked_for(scene: Scene) -> None:
    scene.sign_in()
    pin = scene.visitor.field(scene.visitor.words.pin)
    expect(pin).to_have_attribute("type", "password")
    scene.visitor.press("Afficher les chiffres")
    expect(pin).to_have_attribute("type", "text")
    expect(scene.visitor.page.get_by_role("button", name="Afficher les chiffres", pressed=True)).to_be_visible()
    scene.visitor.press("Afficher les chiffres")
    expect(pin).to_have_attribute("type", "password")


@pytest.mark.parametrize(
    ("play", "label", "purpose"),
    [
        ("sign_in", "identifier", "username"),
        ("sign_in", "pin", "current-password"),
        ("code", "email_code", "one-time-code"),
        ("new_pin", "new_pin", "new-password"),
        ("new_pin", "confirmation", "new-password"),
        ("change_pin", "present_pin", "current-password"),
    ],
)
def test_a_field_takes_pasted_text_and_suits_password_managers(
    scene: Scene, play: str, label: str, purpose: str
) -> None:
    scene.visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    getattr(scene, play)()
    field = scene.visitor.field(getattr(scene.visitor.words, label))
    scene.visitor.page.evaluate("navigator.clipboard.writeText(' 482 913 ')")
    field.focus()
    scene.visitor.page.keyboard.press("Control+V")

    expect(field).to_have_value(" 482 913 " if label == "identifier" else "482913")
    expect(field).to_have_attribute("autocomplete", purpose)


def test_the_code_of_a_letter_can_be_typed_in_pairs(scene: Scene) -> None:
    scene.letter()
    field = scene.visitor.field(scene.visitor.words.letter_code)
    field.press_sequentially("48 29-13x05 67")

    expect(field).to_have_value("48 291305 67")
    expect(field).to_have_attribute("inputmode", "numeric")
    expect(field).to_have_accessible_description("Il est imprimé par deux chiffres, comme 48 29 13 05 67.")


def test_a_phone_shows_its_numeric_keyboard_for_digits(scene: Scene) -> None:
    scene.find_identifier()

    for label in (scene.visitor.words.day, scene.visitor.words.month, scene.visitor.words.year):
        expect(scene.visitor.field(label)).to_have_attribute("inputmode", "numeric")


def test_empty_fields_are_left_out_so_that_the_api_names_them(scene: Scene) -> None:
    scene.forgotten_pin()
    scene.visitor.press(scene.visitor.words.get_code)
    scene.visitor.sees(scene.visitor.words.code_title)

    assert scene.api.calls == [("/reset", {})]


def test_a_birth_date_goes_as_the_api_wants_it(scene: Scene) -> None:
    scene.identifier_sent()

    sent = {"nir": "1 72 06 33 063 017 25", "birth_date": "1972-06-30", "postcode": "33000"}
    assert scene.api.calls == [("/identifier", sent)]


def test_a_pasted_identifier_is_remembered_without_its_blanks(scene: Scene) -> None:
    scene.forgotten_pin()
    scene.visitor.fill(scene.visitor.words.identifier, " a 123\u00a04567\u200b ")
    scene.visitor.press(scene.visitor.words.get_code)
    scene.visitor.sees(scene.visitor.words.code_title)

    assert scene.api.calls == [("/reset", {"identifier": IDENTIFIER})]


def test_blanks_in_identifier_and_iban_do_not_matter(scene: Scene) -> None:
    scene.iban()
    scene.visitor.fill(scene.visitor.words.iban, "02 02 91")
    scene.visitor.press(scene.visitor.words.show_identifier)
    scene.visitor.sees(scene.visitor.words.found_title)

    assert scene.api.calls[-1] == ("/identifier/iban", {"challenge": "0" * 64, "iban_last6": "020291"})
    assert scene.visitor.page.get_by_text(IDENTIFIER).count() == 1
