"""Addresses that secrets are sent to: over TLS, or to this machine; an origin exactly as a browser sends it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from member_access.values.web_address import Origin, SecureUrl

ORIGINS = [
    "https://members.example",
    "https://members.example:8443",
    "http://127.0.0.1:8080",
    "http://localhost:8080",
    "http://127.0.0.1",
]
URLS = [
    *ORIGINS,
    "https://api.example/v2",
    "http://127.0.0.1:9000/auth/token?a=b",
    "https://files.example/x?Signature=%2B",
]
NEITHER = [
    "",
    "*",
    "null",
    "members.example",
    "http://members.example",
    "http://localhost.thieves.example",
    "http://127.0.0.1.thieves.example",
    "http://localhost@thieves.example",
    "http://127.0.0.2",
    "https://user:secret@members.example",
    "https://Members.example",
    "https://members.example:443",
    "http://localhost:80",
    "https://*.members.example",
    "https://",
    "https:members.example",
    "ftp://members.example",
    "javascript://members.example",
    "HTTPS://members.example",
    " https://members.example",
    "https://members.example\n",
    "https://members.example\\@thieves.example",
    "https://mémbers.example",
]
PATHS = [
    "https://members.example/",
    "https://members.example/app",
    "https://members.example?",
    "https://members.example#",
]


def is_taken(kind: object, text: str) -> bool:
    try:
        return bool(TypeAdapter(kind).validate_python(text) == text)
    except ValidationError:
        return False


@pytest.mark.parametrize("text", ORIGINS)
def test_an_origin_is_taken_as_it_is(text: str) -> None:
    assert is_taken(Origin, text)


@pytest.mark.parametrize("text", [*NEITHER, *PATHS])
def test_what_a_browser_never_sends_as_an_origin_is_refused(text: str) -> None:
    assert not is_taken(Origin, text)


@pytest.mark.parametrize("text", URLS)
def test_an_encrypted_address_is_taken_as_it_is(text: str) -> None:
    assert is_taken(SecureUrl, text)


@pytest.mark.parametrize("text", NEITHER)
def test_an_address_in_clear_is_refused(text: str) -> None:
    assert not is_taken(SecureUrl, text)
