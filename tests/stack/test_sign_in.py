"""The sign-in over HTTP, on the deployed stack: what only a deployment shows."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from local.samples import sample_pins
from tests.support.local_stack import call

if TYPE_CHECKING:
    from tests.support.local_stack import Answer, Stack

SAMPLE = sample_pins()[0]
MEMBER, PIN = SAMPLE.identifier, SAMPLE.pin
WRONG = "999990"
_sources = itertools.count(10)


@pytest.fixture
def source() -> str:
    """An address of this machine that no other test calls from."""
    return f"127.0.1.{next(_sources)}"


def sign_in(stack: Stack, source: str, identifier: str, pin: str, **headers: str) -> Answer:
    credentials = {"identifier": identifier, "pin": pin}
    return call("POST", f"{stack.api_url}/login", json=credentials, headers=headers, source=source)


def test_a_token_verifies_by_an_independent_library(stack: Stack, source: str) -> None:
    answer = sign_in(stack, source, MEMBER, PIN.reveal())
    assert answer.status == 200, answer.body
    keys = KeySet.import_key_set(call("GET", f"{stack.api_url}/.well-known/jwks.json").json())
    token = jwt.decode(answer.json()["access_token"], keys, algorithms=["RS256"])
    assert token.header["typ"] == "at+jwt"
    assert token.claims["sub"] == MEMBER
    assert token.claims["iss"] == stack.api_url
    configuration = call("GET", f"{stack.api_url}/.well-known/openid-configuration").json()
    assert configuration["issuer"] == stack.api_url


@pytest.mark.parametrize("document", ["jwks.json", "openid-configuration"])
def test_head_has_the_headers_of_get_and_no_body(stack: Stack, document: str) -> None:
    head, get = (call(method, f"{stack.api_url}/.well-known/{document}") for method in ("HEAD", "GET"))
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options"):
        assert head.headers[name] == get.headers[name]


def test_three_wrong_pins_make_the_member_wait_a_minute(stack: Stack, source: str) -> None:
    answers = [sign_in(stack, source, "UNKNOWN999", WRONG) for _ in range(4)]
    assert [answer.status for answer in answers] == [401, 401, 429, 429]
    assert answers[2].headers["Retry-After"] == "60"
    assert answers[2].headers["Content-Type"] == "application/problem+json"
    assert (
        answers[2].json()["detail"] == "Par mesure de sécurité, vous devez patienter 1mn avant une nouvelle tentative"
    )


def test_cookies_refresh_and_end_a_session(stack: Stack, source: str) -> None:
    cookies = [line.split(";")[0] for line in sign_in(stack, source, MEMBER, PIN.reveal()).cookies()]
    assert {cookie[:14] for cookie in cookies} == {"__Host-session", "__Host-device-"}
    refreshed = call("POST", f"{stack.api_url}/login/refresh", headers={"Cookie": "; ".join(cookies)}, source=source)
    assert refreshed.status == 200
    (replaced,) = [line.split(";")[0] for line in refreshed.cookies()]
    assert call("POST", f"{stack.api_url}/logout", headers={"Cookie": replaced}, source=source).status == 204
    ended = call("POST", f"{stack.api_url}/login/refresh", headers={"Cookie": replaced}, source=source)
    assert (ended.status, ended.json()["code"]) == (401, "session-expired")


def test_failures_count_by_the_address_they_come_from(stack: Stack, source: str) -> None:
    for number in range(30):
        assert sign_in(stack, source, f"UNKNOWN{number:02}", WRONG).status == 401
    assert sign_in(stack, source, MEMBER, PIN.reveal()).status == 429
    pretended = {"X-Forwarded-For": "192.0.2.77"}
    assert sign_in(stack, source, MEMBER, PIN.reveal(), **pretended).status == 429
    assert sign_in(stack, f"127.0.1.{next(_sources)}", MEMBER, PIN.reveal()).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/login", b"{", 400, "malformed-request"),
        ("POST", "/login", b"\xff\xfe", 400, "malformed-request"),
        ("POST", "/login", b"{}", 422, "invalid-request"),
        ("POST", "/login", b"x" * 1_000_000, 413, "request-too-large"),
        ("GET", "/login", None, 405, "method-not-allowed"),
        ("DELETE", "/logout", None, 405, "method-not-allowed"),
        ("PUT", "/reset/pin", None, 405, "method-not-allowed"),
        ("GET", "/nothing", None, 404, "not-found"),
        ("POST", "/login/refresh/more", None, 404, "not-found"),
    ],
)
def test_every_refusal_is_a_problem(  # noqa: PLR0913, PLR0917 - a table of examples
    stack: Stack, source: str, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = call(method, stack.api_url + path, body=body, headers=headers, source=source)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


def test_no_secret_stands_in_the_logs_of_the_stack(stack: Stack, source: str) -> None:
    token = sign_in(stack, source, MEMBER, PIN.reveal()).json()["access_token"]
    sign_in(stack, source, PIN.reveal(), WRONG)
    written = "".join(stack.logs())
    assert "login.succeeded" in written, "the logs were not found"
    # Not inside a longer number: a timestamp in milliseconds, or a hash, contains any six digits by chance.
    secrets = (token, PIN.reveal(), WRONG, source)
    assert [it[0] for it in re.finditer(rf".{{,20}}(?<![0-9a-f])({'|'.join(secrets)})(?![0-9a-f])", written)] == []
