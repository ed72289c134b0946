"""The example of a protected service, deployed beside the stack: each of its three ways, with tokens of the stack."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.documented_answers import Caller, session_of
from tests.support.local_stack import call
from tests.support.protected_service import ProtectedService
from tests.support.stack_members import age_sessions

if TYPE_CHECKING:
    from tests.support.local_stack import Answer, Stack
    from tests.support.stack_members import Members

WAYS = ("HTTP API", "REST API", "by itself")
LONGEST_AGE = 300


@dataclass(frozen=True)
class Tokens:
    """Access tokens of one session.

    Attributes:
        identifier: the member's.
        by_pin: of the sign-in by PIN alone.
        raised: after a step-up.
        old: of the raised session, longer after its step-up than the service allows.
    """

    identifier: str
    by_pin: str
    raised: str
    old: str


@pytest.fixture(scope="module")
def service(stack: Stack) -> ProtectedService:
    """The example, which the stack's origin stands for as the audience."""
    origin = stack.api_url.removesuffix("/v1")
    runtime = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return ProtectedService.deploy(stack.cloud, {"Issuer": stack.api_url, "Audience": origin}, runtime)


@pytest.fixture(scope="module")
def tokens(stack: Stack, members: Members) -> Tokens:
    """The tokens of a member who signs in, steps up and then stays a while."""
    caller, member = Caller(stack, members), members.next()
    signed_in = caller.sign_in(member.identifier)
    session = session_of(signed_in)
    raised = caller.step_up(member, session)
    age_sessions(stack, member, LONGEST_AGE + 1)
    old = caller.post("/login/refresh", cookies=session)
    return Tokens(member.identifier, *(str(one.json()["access_token"]) for one in (signed_in, raised, old)))


def get(service: ProtectedService, way: str, path: str, token: str = "") -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return call("GET", f"{service.ways[way]}/{path}", headers=headers)


def assert_asked_for_more(answer: Answer) -> None:
    """The service wants a higher level, or a more recent sign-in."""
    assert answer.status == 401
    assert answer.json() == {
        "code": "insufficient-user-authentication",
        "acr_values": ["passkey", "pin-code"],
        "max_age": LONGEST_AGE,
    }
    assert 'error="insufficient_user_authentication"' in (
        answer.headers.get("WWW-Authenticate") or answer.headers["x-amzn-remapped-www-authenticate"]
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("level", ["by_pin", "raised", "old"])
def test_a_member_who_is_signed_in_sees_refunds(
    service: ProtectedService, tokens: Tokens, way: str, level: str
) -> None:
    answer = get(service, way, "refunds", getattr(tokens, level))

    assert answer.status == 200, answer.body
    assert answer.json() == {"member": tokens.identifier, "shows": "refunds"}


@pytest.mark.parametrize("way", WAYS)
def test_a_call_without_a_good_token_is_refused(service: ProtectedService, tokens: Tokens, way: str) -> None:
    head, claims, signature = tokens.by_pin.split(".")
    forged = f"{head}.{claims}.{signature[:-8]}{signature[-8:].swapcase()}"

    assert [get(service, way, "refunds", one).status for one in ("", forged)] == [401, 401]


@pytest.mark.parametrize("way", WAYS)
def test_a_sign_in_by_pin_is_asked_for_a_higher_level(service: ProtectedService, tokens: Tokens, way: str) -> None:
    assert_asked_for_more(get(service, way, "bank-account", tokens.by_pin))


@pytest.mark.parametrize("way", WAYS)
def test_a_session_that_was_raised_sees_the_bank_account(service: ProtectedService, tokens: Tokens, way: str) -> None:
    answer = get(service, way, "bank-account", tokens.raised)

    assert answer.status == 200, answer.body
    assert answer.json() == {"member": tokens.identifier, "shows": "bank-account"}


@pytest.mark.parametrize("way", WAYS)
def test_a_sign_in_of_long_ago_is_asked_for_a_recent_one(service: ProtectedService, tokens: Tokens, way: str) -> None:
    assert_asked_for_more(get(service, way, "bank-account", tokens.old))
