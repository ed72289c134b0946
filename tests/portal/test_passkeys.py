"""Passkeys in Chromium with its virtual authenticator, before the portal and the real functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from simulators.browser.passkeys import DoorApi, VirtualAuthenticator
from simulators.browser.portal import open_browser
from simulators.sign_in_driver import PIN, FrontDoor
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser as Chromium

    from simulators.browser.portal import Visitor
    from simulators.cloud import Cloud

MEMBER = "A1234567"
NO_AUTOFILL = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"
NO_API = "delete window.PublicKeyCredential;"
DECLINE, CREATE = "Non merci", "Créer une clé d’accès"


class Stage:
    """A member before the portal, with an authenticator in the device."""

    def __init__(self, chromium: Chromium, cloud: Cloud, url: str) -> None:
        self.url = url.replace("127.0.0.1", "localhost")
        self.door = FrontDoor(cloud, {"PublicOrigin": self.url.rstrip("/")})
        self.door.add_member(MEMBER, email="member@example.fr")
        self.visitor: Visitor = open_browser(chromium)
        self.page = self.visitor.page
        self.api = DoorApi(self.page, self.door)
        self.authenticator = VirtualAuthenticator(self.page)

    def has_made_a_passkey(self) -> None:
        """Sign in with the PIN, take the offer, and sign out."""
        self.visitor.visit(self.url)
        self.visitor.sign_in(MEMBER, PIN)
        self.visitor.sees(self.visitor.words.passkey_offer)
        self.visitor.press(CREATE)
        self.visitor.sees(self.visitor.words.area_title)
        self.visitor.reads("Votre clé d’accès est enregistrée. La prochaine fois, connectez-vous d’un geste.")
        assert self.api.statuses("/passkeys") == [201]

    def signs_out(self) -> None:
        self.visitor.press(self.visitor.words.sign_out)
        self.visitor.sees(self.visitor.words.sign_in_title)

    def uses_the_button(self) -> None:
        # The button comes when someone uses the page.
        self.page.mouse.move(10, 10)
        self.page.keyboard.press("Tab")
        self.visitor.press(self.visitor.words.passkey_sign_in)


@pytest.fixture
def stage(browser: Chromium, cloud: Cloud, url: str) -> Iterator[Stage]:
    """A member with an authenticator."""
    stage = Stage(browser, cloud, url)
    with stage.page.context:
        yield stage


@pytest.fixture
def by_button(stage: Stage) -> Stage:
    """A member whose browser offers no autofill, and who has made a passkey."""
    stage.page.add_init_script(NO_AUTOFILL)
    stage.has_made_a_passkey()
    return stage


def test_a_button_signs_in_with_a_passkey(by_button: Stage) -> None:
    by_button.signs_out()
    by_button.uses_the_button()
    by_button.visitor.sees(by_button.visitor.words.area_title)
    by_button.visitor.reads(f"Votre session est ouverte avec l’identifiant {MEMBER}.")

    assert by_button.api.statuses("/login/passkey") == [200]
    assert by_button.visitor.console == []


def test_the_autofill_of_the_identifier_signs_in_with_a_passkey(stage: Stage) -> None:
    stage.has_made_a_passkey()
    stage.signs_out()
    stage.page.keyboard.press("Tab")
    stage.visitor.sees(stage.visitor.words.area_title)

    assert stage.api.statuses("/login/passkey") == [200]
    attribute = stage.page.evaluate("fetch('/').then((page) => page.text())")
    assert 'autocomplete="username webauthn"' in attribute


def test_a_member_who_declines_is_not_asked_again(stage: Stage) -> None:
    for is_first in (True, False):
        stage.visitor.visit(stage.url)
        stage.visitor.sign_in(MEMBER, PIN)
        if is_first:
            stage.visitor.sees(stage.visitor.words.passkey_offer)
            stage.visitor.press(DECLINE)
        stage.visitor.sees(stage.visitor.words.area_title)
        stage.signs_out()

    assert stage.api.statuses("/passkeys/options") == []


def test_a_user_who_is_not_verified_is_not_let_in(by_button: Stage) -> None:
    by_button.signs_out()
    by_button.authenticator.verifies(verified=False)
    by_button.uses_the_button()
    by_button.visitor.reads(
        "Aucune clé d’accès n’a été utilisée. Vous pouvez recommencer, ou utiliser votre mot de passe."
    )

    assert by_button.api.statuses("/login/passkey") == []


def test_a_cloned_counter_is_refused(by_button: Stage) -> None:
    (copy,) = by_button.authenticator.credentials()
    by_button.signs_out()
    by_button.uses_the_button()
    by_button.visitor.sees(by_button.visitor.words.area_title)
    by_button.signs_out()
    by_button.authenticator.keep(copy)
    by_button.uses_the_button()
    by_button.visitor.reads(
        "Cette clé d’accès ne permet pas de vous connecter. Réessayez, ou connectez-vous avec votre identifiant et "
        "votre mot de passe."
    )

    assert by_button.api.statuses("/login/passkey") == [200, 401]
    assert len(by_button.door.events("passkey.cloned")) == 1


def test_a_passkey_deleted_on_the_server_is_refused_and_the_pin_still_works(by_button: Stage) -> None:
    by_button.visitor.press(by_button.visitor.words.passkeys)
    by_button.visitor.sees(by_button.visitor.words.passkeys)
    by_button.visitor.press("Supprimer")
    by_button.visitor.reads("Vous n’avez pas de clé d’accès.")
    assert items(by_button.door.cloud, "PASSKEY#", "MembersTable") == []
    by_button.visitor.press("Revenir à mon espace")
    by_button.signs_out()
    by_button.uses_the_button()
    by_button.visitor.page.get_by_text("Cette clé d’accès ne permet pas de vous connecter.").wait_for()
    by_button.visitor.sign_in(MEMBER, PIN)

    by_button.visitor.sees(by_button.visitor.words.passkey_offer)


def test_a_passkey_deleted_on_the_device_leaves_the_pin(by_button: Stage) -> None:
    by_button.signs_out()
    by_button.authenticator.lose_all()
    by_button.uses_the_button()
    by_button.visitor.page.get_by_text("Aucune clé d’accès n’a été utilisée.").wait_for()
    by_button.visitor.sign_in(MEMBER, PIN)

    by_button.visitor.sees(by_button.visitor.words.passkey_offer)


def test_a_page_that_stays_open_renews_its_challenge(stage: Stage) -> None:
    stage.has_made_a_passkey()
    (held,) = stage.authenticator.credentials()
    stage.authenticator.lose_all()
    stage.signs_out()
    stage.page.clock.install()
    stage.visitor.visit(stage.url)
    stage.page.keyboard.press("Tab")
    options = "/login/passkey/options"
    stage.page.locator(".passkey button").wait_for()
    before = len(stage.api.statuses(options))
    for number in range(1, 4):
        stage.page.clock.fast_forward(226_000)
        stage.door.clock.advance(226)
        stage.page.wait_for_timeout(100)
        assert len(stage.api.statuses(options)) == before + number
    stage.authenticator.keep(held)
    stage.page.clock.fast_forward(226_000)
    stage.visitor.sees(stage.visitor.words.area_title)

    assert stage.api.statuses("/login/passkey") == [200]


def test_the_offer_comes_again_after_a_refusal(stage: Stage) -> None:
    stage.has_made_a_passkey()
    (held,) = stage.authenticator.credentials()
    stage.authenticator.keep(held, signCount=0)
    stage.signs_out()
    stage.page.keyboard.press("Tab")
    stage.page.wait_for_timeout(500)

    assert stage.api.statuses("/login/passkey")[:1] == [401]
    assert len(stage.api.statuses("/login/passkey/options")) >= 2


def test_a_browser_without_passkeys_shows_nothing_of_them(browser: Chromium, cloud: Cloud, url: str) -> None:
    stage = Stage(browser, cloud, url)
    with stage.page.context:
        stage.page.add_init_script(NO_API)
        stage.visitor.visit(stage.url)
        stage.page.keyboard.press("Tab")
        stage.page.wait_for_timeout(500)
        expect(stage.page.locator(".passkey")).to_have_count(0)
        stage.visitor.sign_in(MEMBER, PIN)
        stage.visitor.sees(stage.visitor.words.area_title)

        assert stage.api.statuses("/login/passkey/options") == []
        assert [one for one in stage.visitor.requests if "passkey-sign-in.js" in one] == []


def test_a_cancelled_request_can_be_repeated(by_button: Stage) -> None:
    (held,) = by_button.authenticator.credentials()
    by_button.signs_out()
    by_button.authenticator.lose_all()
    by_button.uses_the_button()
    by_button.visitor.page.get_by_text("Aucune clé d’accès n’a été utilisée.").wait_for()
    by_button.authenticator.keep(held)
    by_button.visitor.press(by_button.visitor.words.passkey_sign_in)

    by_button.visitor.sees(by_button.visitor.words.area_title)


def test_a_second_passkey_in_one_device_is_not_made(by_button: Stage) -> None:
    by_button.visitor.press(by_button.visitor.words.passkeys)
    by_button.visitor.press("Ajouter une clé d’accès")
    by_button.visitor.reads("Cet appareil a déjà une clé d’accès pour votre espace.")

    assert by_button.api.statuses("/passkeys") == [201, 200, 200]


def test_a_named_passkey_is_listed_by_its_name(stage: Stage) -> None:
    stage.page.add_init_script(NO_AUTOFILL)
    stage.visitor.visit(stage.url)
    stage.visitor.sign_in(MEMBER, PIN)
    stage.visitor.press(DECLINE)
    stage.visitor.press(stage.visitor.words.passkeys)
    stage.visitor.fill("Nom de la clé d’accès", "Téléphone de Camille")
    stage.visitor.press("Ajouter une clé d’accès")

    stage.visitor.reads("Téléphone de Camille")
    assert stage.visitor.console == []


def test_an_old_sign_in_leads_to_the_form_again(by_button: Stage) -> None:
    by_button.visitor.press(by_button.visitor.words.passkeys)
    by_button.visitor.sees(by_button.visitor.words.passkeys)
    by_button.door.clock.advance(301)
    by_button.visitor.press("Supprimer")
    by_button.visitor.sees(by_button.visitor.words.sign_in_title)
    by_button.visitor.reads("Par sécurité, connectez-vous à nouveau, puis revenez à « Mes clés d’accès ».")

    assert len(items(by_button.door.cloud, "PASSKEY#", "MembersTable")) == 1
