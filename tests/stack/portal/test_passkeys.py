"""Passkeys on the deployed stack, in Chromium with its virtual authenticator."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from simulators.browser.passkeys import VirtualAuthenticator
from simulators.browser.portal import DESKTOP, open_browser
from tests.support.keyboard import ENLARGED, go_by_key, type_into
from tests.support.stack_members import PIN, access_items, age_sessions, passkeys_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Response, Route

    from simulators.browser.portal import Visitor
    from tests.support.local_stack import Stack
    from tests.support.stack_members import Members

pytestmark = pytest.mark.needs("chromium")

COUNT_OFFERS = """
  window.offers = 0;
  const get = CredentialsContainer.prototype.get;
  CredentialsContainer.prototype.get = function (options) {
    window.offers += 1;
    return get.call(this, options);
  };
"""
NO_AUTOFILL = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"
NO_API = "delete window.PublicKeyCredential;"
DECLINE, CREATE, ADD, DELETE = "Non merci", "Créer une clé d’accès", "Ajouter une clé d’accès", "Supprimer"
BACK = "Revenir à mon espace"
NOT_USED = "Aucune clé d’accès n’a été utilisée. Vous pouvez recommencer, ou utiliser votre mot de passe."
REFUSED = (
    "Cette clé d’accès ne permet pas de vous connecter. Réessayez, ou connectez-vous avec votre identifiant et votre "
    "mot de passe."
)
OPTIONS, SIGN_IN = "/login/passkey/options", "/login/passkey"
FIVE_MINUTES, RENEWED_AFTER = 301, 226
"""Seconds: more than a challenge, or a sign-in that allows changes, lasts; when the page renews its challenge."""


class Stage:
    """A member before the portal, with an authenticator in the device."""

    def __init__(self, chromium: Browser, stack: Stack, members: Members, size: dict[str, int] = DESKTOP) -> None:
        self.stack, self.member = stack, members.next()
        self.visitor: Visitor = open_browser(chromium, size=size)
        self.page, self.words = self.visitor.page, self.visitor.words
        self.authenticator = VirtualAuthenticator(self.page)
        self._answers: list[tuple[str, int]] = []
        self.page.on("response", self._note)

    def _note(self, response: Response) -> None:
        before, version, path = urlsplit(response.url).path.partition("/v1")
        if version and not before:
            self._answers.append((path, response.status))

    def statuses(self, path: str) -> list[int]:
        """The statuses of the answers to one call of the page."""
        return [status for called, status in self._answers if called == path]

    def signs_in(self) -> None:
        """Sign in with the PIN."""
        self.visitor.visit(self.stack.portal_url)
        self.visitor.sign_in(self.member.identifier, PIN)

    def has_made_a_passkey(self) -> None:
        """Sign in with the PIN and take the offer."""
        self.signs_in()
        self.visitor.sees(self.words.passkey_offer)
        self.visitor.press(CREATE)
        self.visitor.sees(self.words.area_title)
        self.visitor.reads("Votre clé d’accès est enregistrée. La prochaine fois, connectez-vous d’un geste.")
        assert self.statuses("/passkeys") == [201]

    def signs_out(self) -> None:
        self.visitor.press(self.words.sign_out)
        self.visitor.sees(self.words.sign_in_title)

    def uses_the_page(self) -> None:
        """Do what makes the page load all that its first screen does not show."""
        self.page.keyboard.press("Tab")

    def uses_the_button(self) -> None:
        self.uses_the_page()
        self.visitor.press(self.words.passkey_sign_in)

    def lists_passkeys(self) -> None:
        self.visitor.press(self.words.passkeys)
        self.visitor.sees(self.words.passkeys)

    def lets_challenges_age(self, seconds: int) -> None:
        """Let time go by for all challenges that the stack knows."""
        for item in access_items(self.stack, "CEREMONY#"):
            self.stack.cloud.dynamodb.update_item(
                TableName=self.stack.outputs()["AccessTable"],
                Key={"pk": item["pk"]},
                UpdateExpression="SET expires_at = expires_at - :seconds",
                ExpressionAttributeValues={":seconds": {"N": str(seconds)}},
            )

    def has_offered(self, times: int) -> None:
        """Wait until the page has offered passkeys at the field so often, and so has set the time of the next offer."""
        while self.page.evaluate("window.offers") < times:
            self.page.wait_for_timeout(20)


@pytest.fixture
def stage(chromium: Browser, stack: Stack, members: Members) -> Iterator[Stage]:
    """A member with an authenticator."""
    stage = Stage(chromium, stack, members)
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
    by_button.visitor.sees(by_button.words.area_title)
    by_button.visitor.reads(f"Votre session est ouverte avec l’identifiant {by_button.member.identifier}.")

    assert by_button.statuses(SIGN_IN) == [200]
    assert by_button.visitor.console == []


def test_the_autofill_of_the_identifier_signs_in_with_a_passkey(stage: Stage) -> None:
    stage.has_made_a_passkey()
    stage.signs_out()
    stage.uses_the_page()
    stage.visitor.sees(stage.words.area_title)

    assert stage.statuses(SIGN_IN) == [200]
    assert 'autocomplete="username webauthn"' in stage.page.evaluate("fetch('/').then((page) => page.text())")
    assert stage.visitor.console == []


def test_a_member_who_declines_is_not_asked_again(stage: Stage) -> None:
    stage.signs_in()
    stage.visitor.sees(stage.words.passkey_offer)
    stage.visitor.press(DECLINE)
    stage.visitor.sees(stage.words.area_title)
    stage.signs_out()
    stage.signs_in()
    stage.visitor.sees(stage.words.area_title)

    assert stage.statuses("/passkeys/options") == []


def test_a_user_who_is_not_verified_is_not_let_in(by_button: Stage) -> None:
    by_button.signs_out()
    by_button.authenticator.verifies(verified=False)
    by_button.uses_the_button()
    by_button.visitor.reads(NOT_USED)

    assert by_button.statuses(SIGN_IN) == []


def test_a_cloned_counter_is_refused(by_button: Stage) -> None:
    (copy,) = by_button.authenticator.credentials()
    by_button.signs_out()
    by_button.uses_the_button()
    by_button.visitor.sees(by_button.words.area_title)
    by_button.signs_out()
    by_button.authenticator.keep(copy)
    by_button.uses_the_button()
    by_button.visitor.reads(REFUSED)

    assert by_button.statuses(SIGN_IN) == [200, 401]
    recorded = [line for line in by_button.stack.logs() if "passkey.cloned" in line]
    assert len([line for line in recorded if by_button.member.identifier in line]) == 1


def test_a_passkey_deleted_on_the_server_is_refused_and_the_pin_still_works(by_button: Stage) -> None:
    by_button.lists_passkeys()
    assert len(passkeys_of(by_button.stack, by_button.member)) == 1
    by_button.visitor.press(DELETE)
    by_button.visitor.reads("Vous n’avez pas de clé d’accès.")
    assert passkeys_of(by_button.stack, by_button.member) == []
    by_button.visitor.press(BACK)
    by_button.signs_out()
    by_button.uses_the_button()
    by_button.visitor.reads(REFUSED)
    by_button.visitor.sign_in(by_button.member.identifier, PIN)

    by_button.visitor.sees(by_button.words.passkey_offer)


def test_a_passkey_deleted_on_the_device_leaves_the_pin(by_button: Stage) -> None:
    by_button.signs_out()
    by_button.authenticator.lose_all()
    by_button.uses_the_button()
    by_button.visitor.reads(NOT_USED)
    by_button.visitor.sign_in(by_button.member.identifier, PIN)

    by_button.visitor.sees(by_button.words.passkey_offer)


def test_a_page_that_stays_open_renews_its_challenge(stage: Stage) -> None:
    stage.has_made_a_passkey()
    (held,) = stage.authenticator.credentials()
    stage.authenticator.lose_all()
    stage.signs_out()
    stage.page.add_init_script(COUNT_OFFERS)
    stage.page.clock.install()
    stage.visitor.visit(stage.stack.portal_url)
    stage.uses_the_page()
    stage.has_offered(1)
    before = len(stage.statuses(OPTIONS))
    for number in range(1, 4):
        stage.lets_challenges_age(RENEWED_AFTER)
        stage.page.clock.fast_forward(RENEWED_AFTER * 1000)
        stage.has_offered(1 + number)
        assert len(stage.statuses(OPTIONS)) == before + number
    stage.authenticator.keep(held)
    stage.page.clock.fast_forward(RENEWED_AFTER * 1000)
    stage.visitor.sees(stage.words.area_title)

    assert stage.statuses(SIGN_IN) == [200]


def test_an_answer_that_comes_after_its_challenge_ended_is_refused(by_button: Stage) -> None:
    def after_five_minutes(route: Route) -> None:
        by_button.lets_challenges_age(FIVE_MINUTES)
        route.continue_()

    by_button.signs_out()
    by_button.page.route(f"**{SIGN_IN}", after_five_minutes, times=1)
    by_button.uses_the_button()
    by_button.visitor.reads(REFUSED)
    by_button.visitor.press(by_button.words.passkey_sign_in)
    by_button.visitor.sees(by_button.words.area_title)

    assert by_button.statuses(SIGN_IN) == [401, 200]


def test_the_offer_comes_again_after_a_refusal(stage: Stage) -> None:
    stage.has_made_a_passkey()
    (held,) = stage.authenticator.credentials()
    stage.authenticator.keep(held, signCount=0)
    stage.signs_out()
    stage.uses_the_page()
    stage.visitor.sees(stage.words.area_title)

    assert stage.statuses(SIGN_IN) == [401, 200], "the copy counts on, past the original"
    assert len(stage.statuses(OPTIONS)) >= 2


def test_a_browser_without_passkeys_shows_nothing_of_them(stage: Stage) -> None:
    stage.page.add_init_script(NO_API)
    stage.visitor.visit(stage.stack.portal_url)
    stage.uses_the_page()
    stage.visitor.fill(stage.words.identifier, stage.member.identifier)
    stage.visitor.fill(stage.words.pin, PIN)
    expect(stage.page.locator(".passkey")).to_have_count(0)
    stage.visitor.press(stage.words.sign_in)
    stage.visitor.sees(stage.words.area_title)

    assert stage.statuses(OPTIONS) == []
    assert [one for one in stage.visitor.requests if "passkey-sign-in.js" in one] == []


def test_a_cancelled_request_can_be_repeated(by_button: Stage) -> None:
    (held,) = by_button.authenticator.credentials()
    by_button.signs_out()
    by_button.authenticator.lose_all()
    by_button.uses_the_button()
    by_button.visitor.reads(NOT_USED)
    by_button.authenticator.keep(held)
    by_button.visitor.press(by_button.words.passkey_sign_in)

    by_button.visitor.sees(by_button.words.area_title)


def test_a_second_passkey_in_one_device_is_not_made(by_button: Stage) -> None:
    by_button.lists_passkeys()
    by_button.visitor.press(ADD)
    by_button.visitor.reads("Cet appareil a déjà une clé d’accès pour votre espace.")

    assert by_button.statuses("/passkeys") == [201, 200, 200]


def test_a_named_passkey_is_listed_by_its_name(stage: Stage) -> None:
    stage.page.add_init_script(NO_AUTOFILL)
    stage.signs_in()
    stage.visitor.press(DECLINE)
    stage.lists_passkeys()
    stage.visitor.fill("Nom de la clé d’accès", "Téléphone de Camille")
    stage.visitor.press(ADD)

    stage.visitor.reads("Téléphone de Camille")
    assert stage.visitor.console == []


def test_an_old_sign_in_leads_to_the_form_again(by_button: Stage) -> None:
    age_sessions(by_button.stack, by_button.member, FIVE_MINUTES)
    # Its next token says so.
    by_button.page.reload()
    by_button.lists_passkeys()
    by_button.visitor.press(DELETE)
    by_button.visitor.sees(by_button.words.sign_in_title)
    by_button.visitor.reads("Par sécurité, connectez-vous à nouveau, puis revenez à « Mes clés d’accès ».")

    assert len(passkeys_of(by_button.stack, by_button.member)) == 1


def test_a_passkey_is_made_used_and_deleted_by_keyboard_alone(
    chromium: Browser, stack: Stack, members: Members
) -> None:
    stage = Stage(chromium, stack, members, ENLARGED)
    visitor, words = stage.visitor, stage.words
    with stage.page.context:
        stage.page.add_init_script(NO_AUTOFILL)
        visitor.visit(stack.portal_url)
        visitor.sees(words.sign_in_title)
        type_into(visitor, words.identifier, stage.member.identifier)
        type_into(visitor, words.pin, PIN)
        stage.page.keyboard.press("Enter")
        visitor.sees(words.passkey_offer)
        go_by_key(visitor, CREATE)
        visitor.sees(words.area_title)
        go_by_key(visitor, words.sign_out, "Space")
        visitor.sees(words.sign_in_title)
        stage.uses_the_page()
        stage.page.locator(".passkey button").wait_for()
        go_by_key(visitor, words.passkey_sign_in)
        visitor.sees(words.area_title)
        go_by_key(visitor, words.passkeys)
        visitor.sees(words.passkeys)
        go_by_key(visitor, DELETE, "Space")
        visitor.reads("Vous n’avez pas de clé d’accès.")

        assert stage.statuses(SIGN_IN) == [200]
        assert passkeys_of(stack, stage.member) == []
