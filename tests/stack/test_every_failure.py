"""What the OpenAPI document promises for when something fails behind the API, over HTTP."""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64encode
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING

import pytest

from identifier.challenges import Challenge
from member_access.members.pseudonyms import Pseudonym
from member_access.sessions.access_tokens import AccessTokens, TokenProfile
from member_access.sessions.browser_families import BrowserFamily
from member_access.sessions.methods import Method
from member_access.sessions.policy import start_session
from member_access.values.types import Identifier, Instant
from reset.reset_tokens import ResetToken
from tests.support.documented_answers import NOT_BY_A_CALLER, OTHER_PIN, Caller, assert_kept
from tests.support.faults import Faults
from tests.support.local_stack import call
from tests.support.members import NEW_PIN
from tests.support.stack_members import PIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.documented_answers import Promise
    from tests.support.local_stack import Answer, Stack
    from tests.support.stack_members import Members

ROLES = ("AccountRole", "LoginRole", "ResetRole", "IdentifierRole", "LetterStatusRole", "PasskeysRole")
KEYS, CONFIGURATION = "/.well-known/jwks.json", "/.well-known/openid-configuration"
MAILEVA, PINGEN = "/letters/status/maileva", "/letters/status/pingen"
DAMAGED, TOKEN = "DAMAGED1", "0" * 64
CONFIRM = f"__Host-confirm={'0' * 32}.{'0' * 64}"
SESSION = f"__Host-session={'A' * 22}.{'A' * 22}.{'A' * 43}"
NIR = "1850375009902"
NO_ANSWER = {"clientDataJSON": "", "authenticatorData": "", "signature": ""}
PINGEN_KEY = "a key that Pingen gave"
PINGENS_SECRET = {"pingen": {"client_id": "-", "client_secret": "-", "webhook_keys": [PINGEN_KEY]}}
PINGENS_EVENT = {
    "data": {
        "type": "webhook_sent",
        "id": "an-event",
        "relationships": {"letter": {"data": {"type": "letters", "id": "a-letter"}}},
    }
}


def token_of(stack: Stack, identifier: str) -> str:
    """An access token of a session that no table has."""
    issuer = call("GET", stack.api_url + CONFIGURATION).json()["issuer"]
    adopted = dict(named.split("=", 1) for named in stack.outputs()["ToAdopt"].split())
    profile = TokenProfile(issuer, issuer.removesuffix("/v1"), "espace-adherent", 900)
    tokens = AccessTokens(stack.cloud.kms, adopted["AdoptedSigningKeyArn"], profile, bytes)
    now = Instant(int(time.time()))
    session, _ = start_session(
        Identifier(identifier), Pseudonym("0" * 32), Method.PIN, BrowserFamily(), now, secrets.token_bytes
    )
    return tokens.issue(session, now).reveal()


CALLS: Mapping[str, Callable[[Caller], Answer]] = {
    "/login": lambda caller: caller.sign_in(DAMAGED),
    "/login/refresh": lambda caller: caller.post("/login/refresh", cookies=SESSION),
    "/logout": lambda caller: caller.post("/logout", cookies=SESSION),
    "/login/step-up": lambda caller: caller.post("/login/step-up", cookies=SESSION),
    "/reset": lambda caller: caller.post("/reset", identifier=DAMAGED),
    "/reset/verify": lambda caller: caller.post("/reset/verify", identifier=DAMAGED, code="000000"),
    "/reset/pin": lambda caller: caller.post("/reset/pin", reset_token=TOKEN, pin=PIN, pin_confirmation=PIN),
    "/pin": lambda caller: caller.post(
        "/pin", identifier=DAMAGED, pin=OTHER_PIN, new_pin=NEW_PIN, new_pin_confirmation=NEW_PIN
    ),
    "/identifier": lambda caller: caller.post("/identifier", nir=NIR, birth_date="1985-03-14", postcode="75011"),
    "/login/passkey": lambda caller: caller.post("/login/passkey", id="", response=NO_ANSWER),
    "/identifier/iban": lambda caller: caller.post("/identifier/iban", challenge=TOKEN, iban_last6="ZZZZZZ"),
    **{
        path: lambda caller, method=method, path=path: caller.send(method, path, token_of(caller.stack, DAMAGED))  # type: ignore[misc]  # bound now
        for method, path in (
            ("GET", "/sessions"),
            ("DELETE", "/sessions/{id}"),
            ("GET", "/devices"),
            ("DELETE", "/devices/{id}"),
            ("GET", "/account"),
            ("POST", "/account/not-me"),
            ("GET", "/passkeys"),
            ("POST", "/passkeys/options"),
            ("DELETE", "/passkeys/{id}"),
        )
    },
}
"""A call of each path that reads a table."""

UNHARMED: Mapping[str, Callable[[Caller], Answer]] = {
    "/login/confirm": lambda caller: caller.post("/login/confirm", cookies=CONFIRM, code="000000"),
    "/login/passkey/options": lambda caller: caller.post("/login/passkey/options"),
}
"""Calls that a damaged item does not fail."""

NOT_REACHED: Mapping[Promise, str] = {
    (KEYS, 500, "internal-error"): "answers from memory: a defect alone could be the cause",
    (CONFIGURATION, 500, "internal-error"): "as above",
    (KEYS, 503, "try-later"): "answers from memory, also when AWS refuses everything (below); API Gateway without its "
    "function would say so, and the local cloud has another answer then: tests/template/test_gateway_responses.py",
    (CONFIGURATION, 503, "try-later"): "as above",
    ("/login/confirm", 500, "internal-error"): "a damaged step is none: a defect alone could be the cause",
    ("/login/passkey/options", 500, "internal-error"): "reads no table: a defect alone could be the cause",
    **{
        (path, 401, "sign-in-again"): "needs a sign-in of five minutes ago: tests/flows/test_passkeys.py"
        for path in ("/passkeys", "/passkeys/options", "/passkeys/{id}")
    },
    (MAILEVA, 500, "internal-error"): "reads nothing of a table before the provider has named a letter of ours",
    (PINGEN, 500, "internal-error"): "as above",
}


@pytest.fixture
def faults(stack: Stack) -> Faults:
    return Faults(stack)


@pytest.fixture
def caller(stack: Stack, members: Members) -> Caller:
    return Caller(stack, members)


def running(caller: Caller, path: str) -> None:
    """Have the function of a path run: one that AWS lets do nothing does not even start."""
    assert call("PUT", caller.stack.api_url + path).status == 405


def sent_by_maileva(stack: Stack, faults: Faults, reference: str) -> Answer:
    entry = faults.provider_secret["maileva"]
    credentials = b64encode(f"{entry['webhook_login']}:{entry['webhook_password']}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    return call("POST", stack.api_url + MAILEVA, json={"resource_id": reference}, headers=headers)


def sent_by_pingen(stack: Stack, event: object, key: str = PINGEN_KEY) -> Answer:
    body = json.dumps(event).encode()
    headers = {"Signature": digest(key.encode(), body, sha256).hex(), "Content-Type": "application/json"}
    return call("POST", stack.api_url + PINGEN, body=body, headers=headers)


def test_every_failure_is_brought_about_or_cannot_be() -> None:
    brought_about = {
        *((path, 500, "internal-error") for path in CALLS),
        *((path, 503, "try-later") for path in (*CALLS, *UNHARMED, MAILEVA, PINGEN)),
        (MAILEVA, 404, "not-found"),
        (PINGEN, 200, None),
        (PINGEN, 401, "not-authentic"),
    }
    assert brought_about | set(NOT_REACHED) == NOT_BY_A_CALLER
    assert brought_about & set(NOT_REACHED) == set()


@pytest.mark.parametrize("path", [*CALLS, *UNHARMED])
def test_a_call_that_aws_refuses_everything_is_to_be_made_later(caller: Caller, faults: Faults, path: str) -> None:
    running(caller, path)
    with faults.nothing_allowed(*ROLES):
        answer = {**CALLS, **UNHARMED}[path](caller)
    assert_kept(answer, (path, 503, "try-later"))
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize("path", [KEYS, CONFIGURATION])
def test_what_is_in_memory_is_answered_though_aws_refuses_everything(caller: Caller, faults: Faults, path: str) -> None:
    running(caller, path)
    with faults.nothing_allowed(*ROLES):
        assert_kept(caller.get(path), (path, 200, None))


@pytest.mark.parametrize("path", CALLS)
def test_a_damaged_item_is_an_internal_error_without_details(caller: Caller, faults: Faults, path: str) -> None:
    keys = ResetToken(TOKEN).key, Challenge(TOKEN).key, faults.identity_key(NIR), f"SIGN_INS#{'0' * 32}"
    with faults.damaged_member(DAMAGED), faults.damaged_passkey(b""), faults.damaged(*keys):
        assert_kept(CALLS[path](caller), (path, 500, "internal-error"))


def test_a_notification_about_an_unknown_letter_is_to_be_sent_again(stack: Stack, faults: Faults) -> None:
    assert_kept(sent_by_maileva(stack, faults, "unknown"), (MAILEVA, 503, "try-later"))


def test_with_pingen_its_events_are_taken_and_mailevas_are_not(stack: Stack, caller: Caller, faults: Faults) -> None:
    with faults.other_provider_secret("local-letter-status", PINGENS_SECRET):
        assert_kept(caller.post(MAILEVA), (MAILEVA, 404, "not-found"))
        assert_kept(sent_by_pingen(stack, {}), (PINGEN, 200, None))
        assert_kept(sent_by_pingen(stack, {}, "another key"), (PINGEN, 401, "not-authentic"))
        with faults.nothing_allowed(*ROLES):
            assert_kept(sent_by_pingen(stack, PINGENS_EVENT), (PINGEN, 503, "try-later"))
