"""The authentication and the content of notifications."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from hmac import digest

import pytest

from letters.model.job import JobState, ProviderReference
from letters.model.print_provider import LetterEvent
from letters.providers.maileva import webhook as maileva_webhook
from letters.providers.pingen import webhook as pingen_webhook
from member_access.values.types import Secret

RAW = b'{"data":{"type":"webhook_sent","id":"0b9f"}}'
KEY = Secret("example-signing-key-1234")
SIGNATURE = "513dab8825ced5e4df37d21e7c1cc996bda327083d769ef0d87bb2c02f55de28"
"""Made with ``openssl dgst -sha256 -hmac``."""

LOGIN, PASSWORD = Secret("maileva"), Secret("a:password with é")


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


def test_pingens_signature_is_the_hex_hmac_of_the_raw_body() -> None:
    assert pingen_webhook.is_authentic(RAW, SIGNATURE, [KEY])
    assert digest(KEY.reveal().encode(), RAW, sha256).hex() == SIGNATURE


def test_every_category_of_pingens_events_may_have_a_key_of_its_own() -> None:
    assert pingen_webhook.is_authentic(RAW, SIGNATURE, [Secret("another-signing-key-5678"), KEY])


@pytest.mark.parametrize(
    ("raw", "signature"),
    [
        (RAW + b" ", SIGNATURE),
        (RAW, SIGNATURE.upper()),
        (RAW, SIGNATURE[:-1] + "9"),
        (RAW, ""),
        (RAW, None),
        (RAW, "é" * 64),
    ],
)
def test_anything_else_is_not_pingens(raw: bytes, signature: str | None) -> None:
    assert not pingen_webhook.is_authentic(raw, signature, [KEY])


def test_without_a_key_nothing_is_pingens() -> None:
    assert not pingen_webhook.is_authentic(RAW, SIGNATURE, [])


def test_mailevas_credentials_are_compared_as_a_whole() -> None:
    assert maileva_webhook.is_authentic(basic("maileva:a:password with é"), LOGIN, PASSWORD)
    assert maileva_webhook.is_authentic(basic("maileva:a:password with é").replace("Basic", "basic"), LOGIN, PASSWORD)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic é",
        basic("maileva:another password"),
        basic("another:a:password with é"),
        basic("maileva:a"),
        basic("maileva:a:password with é").replace("Basic", "Bearer"),
    ],
)
def test_any_other_authorization_is_not_mailevas(authorization: str | None) -> None:
    assert not maileva_webhook.is_authentic(authorization, LOGIN, PASSWORD)


def test_only_the_identifier_of_mailevas_notification_is_read() -> None:
    notification = {
        "event_type": "ON_STATUS_PROCESSED",
        "resource_id": "110e8400-e29b-11d4-a716-446655440000",
        "resource_location": "http://169.254.169.254/latest/meta-data",
        "something": "new",
    }
    read = maileva_webhook.read_event(json.dumps(notification).encode())
    assert read == LetterEvent(ProviderReference("110e8400-e29b-11d4-a716-446655440000"))


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"resource_id": "../../user"}', b'{"resource_id": 7}', b"\xff"])
def test_a_notification_that_names_no_sending_says_nothing(raw: bytes) -> None:
    assert maileva_webhook.read_event(raw) is None


def pingen_event(kind: str, **named: str | None) -> bytes:
    relationships: dict[str, object] = {"organisation": {"data": {"type": "organisations", "id": "one"}}}
    for name, identifier in named.items():
        relationships[name] = {"data": {"type": "letters", "id": identifier} if identifier else None}
    data = {"type": kind, "id": "event-1", "attributes": {"new": True}, "relationships": relationships}
    return json.dumps({"data": data, "included": [{"type": "unheard-of"}]}).encode()


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("webhook_sent", JobState.POSTED),
        ("webhook_delivered", JobState.POSTED),
        ("webhook_undeliverable", JobState.UNDELIVERED),
        ("webhook_issues", None),
    ],
)
def test_pingens_event_names_a_letter_and_vouches_for_a_state(kind: str, state: JobState | None) -> None:
    expected = LetterEvent(ProviderReference("letter-1"), event_id=ProviderReference("event-1"), state=state)
    assert pingen_webhook.read_event(pingen_event(kind, deliverable="letter-1")) == expected
    assert pingen_webhook.read_event(pingen_event(kind, letter="letter-1")) == expected
    assert pingen_webhook.read_event(pingen_event(kind, deliverable="letter-1", letter="older")) == expected
    assert pingen_webhook.read_event(pingen_event(kind, deliverable=None, letter="letter-1")) == expected


@pytest.mark.parametrize(
    "raw",
    [
        pingen_event("webhook_channel_subscriptions", deliverable="letter-1"),
        pingen_event("webhook_unheard_of", letter="letter-1"),
        pingen_event("webhook_sent"),
        pingen_event("webhook_sent", letter="letter-1").replace(b'"letters"', b'"emails"'),
        b"{}",
        b"not json",
    ],
)
def test_events_that_do_not_concern_letters_say_nothing(raw: bytes) -> None:
    assert pingen_webhook.read_event(raw) is None
