"""Adds passkeys and signs in with them, as a browser does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from member_access.platform.aws import transact
from member_access.values.types import Identifier, Instant
from passkeys.store import Passkey, Passkeys
from simulators.sign_in_driver import PIN

if TYPE_CHECKING:
    from simulators.authenticator import Authenticator
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import AnyBrowser, Reply

ORIGIN = "https://members.example"
NO_PASSKEY = {"id": "", "response": {"clientDataJSON": "", "authenticatorData": "", "signature": ""}}
"""An answer that signs no one in."""


def bearer(browser: AnyBrowser, identifier: str, pin: str = PIN) -> dict[str, str]:
    """The header of a member who has just signed in."""
    return {"Authorization": f"Bearer {browser.sign_in(identifier, pin).body['access_token']}"}


def add_passkey(
    browser: AnyBrowser, authenticator: Authenticator, headers: dict[str, str], name: str | None = None
) -> Reply:
    """Make a passkey, and add it to those of the member whom the headers name."""
    options = browser.post("/passkeys/options", headers=headers).body
    named = {} if name is None else {"name": name}
    return browser.post("/passkeys", {"credential": authenticator.create(options, ORIGIN), **named}, headers)


def signed_challenge(browser: AnyBrowser, authenticator: Authenticator, origin: str = ORIGIN) -> dict[str, Any]:
    """An authenticator's answer to a new challenge."""
    return authenticator.get(browser.post("/login/passkey/options").body, origin)


def add_passkey_by_hand(cloud: Cloud, identifier: str) -> None:
    """Put a passkey of a member into the table, without any of the flows."""
    passkey = Passkey(b"credential", Identifier(identifier), b"handle", b"key", 0, "", Instant(0))
    passkeys = Passkeys(cloud.dynamodb, cloud.tables["MembersTable"])
    transact(cloud.dynamodb, [passkeys.put_passkey(passkey), passkeys.list_passkey(passkey)])


def sign_in_with(browser: AnyBrowser, authenticator: Authenticator) -> Reply:
    """Sign in with a passkey."""
    return browser.post("/login/passkey", signed_challenge(browser, authenticator))
