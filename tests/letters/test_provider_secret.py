"""The secret of the print providers: complete, incomplete, rotated, unreachable."""

from __future__ import annotations

import pytest

from letters.providers.api import CredentialsMissing, CredentialSource
from letters.providers.credentials import MAX_STALE_SECONDS, ProviderSecret
from member_access.errors import Unavailable
from member_access.values.types import Secret
from simulators.clock import Clock
from simulators.secrets_manager import PROVIDER_SECRET, FakeSecretsManager
from tests.support.letter_room import SECRET

MAILEVA = dict(SECRET["maileva"])


@pytest.fixture
def stored() -> FakeSecretsManager:
    """A secret that an operator has completed."""
    stored = FakeSecretsManager()
    stored.content = dict(SECRET)
    return stored


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret(stored: FakeSecretsManager, clock: Clock) -> ProviderSecret:
    return ProviderSecret(stored.client(), PROVIDER_SECRET, clock)


def test_it_is_read_at_the_first_need_and_kept(secret: ProviderSecret, stored: FakeSecretsManager) -> None:
    assert stored.reads == 0
    for _ in range(3):
        assert secret.maileva().credentials.client_secret == Secret("maileva-secret")
        assert secret.pingen().webhook_keys[1] == Secret("example-signing-key-1234")
    assert stored.reads == 1


def test_it_is_read_again_when_it_was_refused(secret: ProviderSecret, stored: FakeSecretsManager) -> None:
    source = CredentialSource(lambda: secret.maileva().credentials, secret.expire)
    source.read()
    stored.content = {"maileva": {**MAILEVA, "client_secret": "renewed"}}
    source.invalidate()
    assert source.read().client_secret == Secret("renewed")


def test_mailevas_password_mode_needs_a_user(secret: ProviderSecret, stored: FakeSecretsManager) -> None:
    stored.content = {"maileva": {**MAILEVA, "username": "user", "password": "a password"}}
    credentials = secret.maileva().credentials
    assert (credentials.username, credentials.password) == ("user", Secret("a password"))


@pytest.mark.parametrize(
    ("content", "lacks"),
    [
        ({}, "everything"),
        ({"placeholder": "generated"}, "everything"),
        ({"maileva": "maileva-secret"}, "everything"),
        ({"maileva": {**MAILEVA, "client_secret": ""}}, "client_secret"),
        ({"maileva": {"client_id": "maileva-client"}}, "client_secret, webhook_login, webhook_password"),
    ],
)
def test_what_is_missing_is_named_and_nothing_of_it_repeated(
    secret: ProviderSecret, stored: FakeSecretsManager, content: dict[str, object], lacks: str
) -> None:
    stored.content = content
    with pytest.raises(CredentialsMissing) as refusal:
        secret.maileva()
    assert str(refusal.value) == f"the secret's entry for maileva lacks {lacks}"
    assert refusal.value.__context__ is None, "the library's own error holds what was read"


def test_one_provider_s_entry_does_not_depend_on_the_other_s(
    secret: ProviderSecret, stored: FakeSecretsManager
) -> None:
    stored.content = {"maileva": MAILEVA, "pingen": {"client_id": 5}}
    assert secret.maileva().client_id == "maileva-client"
    with pytest.raises(CredentialsMissing):
        secret.pingen()


def test_a_secret_filled_now_is_found_within_minutes(
    secret: ProviderSecret, stored: FakeSecretsManager, clock: Clock
) -> None:
    stored.content = {}
    for _ in range(10):
        with pytest.raises(CredentialsMissing):
            secret.maileva()
    assert stored.reads == 1
    stored.content = dict(SECRET)
    clock.advance(MAX_STALE_SECONDS)
    assert secret.maileva().client_id == "maileva-client", "the first letter after five minutes does not wait again"


def test_an_outage_of_secrets_manager_is_reported_as_such(secret: ProviderSecret, stored: FakeSecretsManager) -> None:
    stored.fails_with = "InternalServiceError"
    with pytest.raises(Unavailable, match="GetSecretValue"):
        secret.maileva()


def test_an_entry_shows_no_secret(secret: ProviderSecret) -> None:
    shown = repr((secret, secret.maileva(), secret.pingen(), secret.maileva().credentials))
    assert [text for text in ("maileva-secret", "a:password", "example-signing-key") if text in shown] == []
