"""What can be typed into the fields of the portal, and by what: fingers, a clipboard, a password manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from simulators.browser.portal_scenes import PIN
from simulators.scripted_api import IDENTIFIER

if TYPE_CHECKING:
    from simulators.browser.portal_scenes import Scene


def test_a_pin_is_hidden_until_its_digits_are_asked_for(scene: Scene) -> None:
    scene.sign_in()
    pin = scene.visitor.field(scene.visitor.words.pin)
    expect(pin).to_have_attribute("type", "password")
    scene.visitor.press("Afficher Mot de passe à 6 chiffres")
    expect(pin).to_have_attribute("type", "text")
    scene.visitor.press("Masquer Mot de passe à 6 chiffres")
    expect(pin).to_have_attribute("type", "password")


def test_a_pin_that_is_shown_is_hidden_again_when_it_is_sent(scene: Scene) -> None:
    scene.sign_in()
    scene.api.hold()
    scene.visitor.press("Afficher Mot de passe à 6 chiffres")
    scene.visitor.sign_in(IDENTIFIER, PIN)

    expect(scene.visitor.field(scene.visitor.words.pin)).to_have_attribute("type", "password")


@pytest.mark.parametrize(
    ("play", "label", "purpose"),
    [
        ("sign_in", "identifier", "username webauthn"),
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
    scene.have_code()
    field = scene.visitor.field(scene.visitor.words.any_code)
    field.press_sequentially("48 29-13x05 67")

    expect(field).to_have_value("48 291305 67")
    expect(field).to_have_attribute("inputmode", "numeric")
    scene.visitor.reads("Ce champ n’accepte que des chiffres.")


@pytest.mark.parametrize("typed", ["٤٨٢٩١٣", "\uff14\uff18\uff12\uff19\uff11\uff13", "۴۸۲۹۱۳"])
def test_digits_of_other_scripts_are_digits(scene: Scene, typed: str) -> None:
    scene.code()
    field = scene.visitor.field(scene.visitor.words.email_code)
    field.fill(typed)

    expect(field).to_have_value("482913")


def test_a_letter_among_the_digits_is_said_and_moves_no_caret(scene: Scene) -> None:
    scene.sign_in()
    pin = scene.visitor.field(scene.visitor.words.pin)
    pin.fill("12345")
    for key in ("Home", "ArrowRight", "x", "9"):
        pin.press(key)

    expect(pin).to_have_value("192345")
    scene.visitor.reads("Ce champ n’accepte que des chiffres.")


def test_a_seventh_digit_is_left_out_and_said(scene: Scene) -> None:
    scene.sign_in()
    pin = scene.visitor.field(scene.visitor.words.pin)
    pin.press_sequentially("7382649")

    expect(pin).to_have_value("738264")
    scene.visitor.reads("Ce champ prend 6 chiffres au plus.")


def test_no_value_is_rewritten_while_a_keyboard_composes_it(scene: Scene) -> None:
    """Android doubles digits otherwise (tloncorp/tlon-apps#6347)."""
    scene.code()
    field = scene.visitor.field(scene.visitor.words.email_code)
    field.focus()
    session = scene.visitor.page.context.new_cdp_session(scene.visitor.page)
    for text in ("4", "4x", "4x82"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        expect(field).to_have_value(text)
    session.send("Input.insertText", {"text": "4x82"})

    expect(field).to_have_value("482")


def test_password_managers_see_whose_pin_it_is(scene: Scene) -> None:
    """They ignore a field that is not laid out; people and screen readers do not meet it."""
    scene.new_pin()
    field = scene.visitor.page.locator("[autocomplete=username]")

    box = field.bounding_box()
    assert box
    assert box["width"] > 0
    expect(field).to_have_value(IDENTIFIER)
    expect(field).to_have_attribute("aria-hidden", "true")
    expect(field).to_have_attribute("tabindex", "-1")


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


def test_an_identifier_with_an_inner_blank_signs_in(scene: Scene) -> None:
    scene.sign_in()
    scene.visitor.sign_in("a 123 4567", PIN)
    scene.visitor.sees(scene.visitor.words.area_title)

    assert scene.api.calls == [("/login", {"identifier": IDENTIFIER, "pin": PIN})]


def test_the_keypad_fills_the_fields_one_after_another(scene: Scene) -> None:
    scene.new_pin()
    page, words = scene.visitor.page, scene.visitor.words
    scene.visitor.press(words.keypad)
    expect(page.locator(".keypad")).to_have_count(1)
    for digit in PIN + "73":
        page.get_by_role("button", name=digit, exact=True).click()
    page.keyboard.press("8")
    page.keyboard.press("9")
    page.keyboard.press("Backspace")

    expect(scene.visitor.field(words.new_pin)).to_have_value(PIN)
    expect(scene.visitor.field(words.confirmation)).to_have_value("738")
    scene.visitor.reads("Ces touches remplissent : Confirmez le nouveau mot de passe.")


def test_a_member_who_wants_the_keypad_finds_it_again(scene: Scene) -> None:
    scene.keypad()
    scene.visitor.page.reload()
    expect(scene.visitor.page.locator(".keypad")).to_be_visible()
    scene.visitor.press(scene.visitor.words.keypad)
    scene.visitor.page.reload()
    scene.visitor.sees(scene.visitor.words.sign_in_title)

    expect(scene.visitor.page.locator(".keypad")).to_be_hidden()


def test_blanks_in_identifier_and_iban_do_not_matter(scene: Scene) -> None:
    scene.iban()
    scene.visitor.fill(scene.visitor.words.iban, "02 02 91")
    scene.visitor.press(scene.visitor.words.show_identifier)
    scene.visitor.sees(scene.visitor.words.found_title)

    assert scene.api.calls[-1] == ("/identifier/iban", {"challenge": "0" * 64, "iban_last6": "020291"})
    assert scene.visitor.page.get_by_text(IDENTIFIER).count() == 1
