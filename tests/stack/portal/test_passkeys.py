"""Passkeys on the deployed stack, in Chromium with its virtual authenticator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.browser.passkeys import VirtualAuthenticator
from simulators.browser.portal import open_browser
from tests.support.stack_members import PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from simulators.browser.portal import Visitor
    from tests.support.local_stack import Stack
    from tests.support.stack_members import Members

pytestmark = pytest.mark.needs("chromium")
NO_AUTOFILL = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"


@pytest.fixture
def visitor(browser: Browser, stack: Stack, members: Members) -> Iterator[Visitor]:
    """A member who has made a passkey after a sign-in by PIN, and has signed out."""
    visitor = open_browser(browser)
    with visitor.page.context:
        VirtualAuthenticator(visitor.page)
        visitor.visit(stack.portal_url)
        visitor.sign_in(members.next().identifier, PIN)
        visitor.sees(visitor.words.passkey_offer)
        visitor.press("Créer une clé d’accès")
        visitor.sees(visitor.words.area_title)
        yield visitor


def without_autofill(visitor: Visitor) -> None:
    """Load the page again as a browser shows it that offers no passkey at a field."""
    visitor.page.add_init_script(NO_AUTOFILL)
    visitor.page.reload()
    visitor.sees(visitor.words.area_title)


def sign_out(visitor: Visitor) -> None:
    """Sign out, and use the page so that it loads what the first screen does not show."""
    visitor.press(visitor.words.sign_out)
    visitor.sees(visitor.words.sign_in_title)
    visitor.page.keyboard.press("Tab")


def test_a_member_signs_in_by_the_autofill_of_the_identifier(visitor: Visitor) -> None:
    sign_out(visitor)

    visitor.sees(visitor.words.area_title)
    assert visitor.console == []


def test_a_member_signs_in_by_the_button(visitor: Visitor) -> None:
    without_autofill(visitor)
    sign_out(visitor)
    visitor.press(visitor.words.passkey_sign_in)

    visitor.sees(visitor.words.area_title)
    assert visitor.console == []


def test_a_passkey_that_was_deleted_in_the_list_signs_no_one_in(visitor: Visitor) -> None:
    without_autofill(visitor)
    visitor.press(visitor.words.passkeys)
    visitor.press("Supprimer")
    visitor.reads("Vous n’avez pas de clé d’accès.")
    visitor.press("Revenir à mon espace")
    sign_out(visitor)
    visitor.press(visitor.words.passkey_sign_in)

    visitor.page.get_by_text("Cette clé d’accès ne permet pas de vous connecter.").wait_for()
