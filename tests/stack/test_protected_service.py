"""The example of a protected service, deployed beside the stack: each of its three ways, with tokens of the stack."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from local.samples import sample_pins
from tests.support.local_stack import call
from tests.support.protected_service import ProtectedService

if TYPE_CHECKING:
    from tests.support.local_stack import Answer, Stack

SAMPLE = sample_pins()[0]
WAYS = ("HTTP API", "REST API", "by itself")


@pytest.fixture(scope="module")
def service(stack: Stack) -> ProtectedService:
    """The example, which the stack's origin stands for as the audience."""
    origin = stack.api_url.removesuffix("/v1")
    runtime = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return ProtectedService.deploy(stack.cloud, {"Issuer": stack.api_url, "Audience": origin}, runtime)


@pytest.fixture(scope="module")
def token(stack: Stack) -> str:
    """A token of a sign-in by PIN alone."""
    credentials = {"identifier": SAMPLE.identifier, "pin": SAMPLE.pin.reveal()}
    answer = call("POST", f"{stack.api_url}/login", json=credentials, source="127.0.9.1")
    return str(answer.json()["access_token"])


def get(service: ProtectedService, way: str, path: str, token: str = "") -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return call("GET", f"{service.ways[way]}/{path}", headers=headers)


@pytest.mark.parametrize("way", WAYS)
def test_a_member_who_is_signed_in_sees_refunds(service: ProtectedService, token: str, way: str) -> None:
    answer = get(service, way, "refunds", token)

    assert answer.status == 200, answer.body
    assert answer.json() == {"member": SAMPLE.identifier, "shows": "refunds"}


@pytest.mark.parametrize("way", WAYS)
def test_a_call_without_a_good_token_is_refused(service: ProtectedService, token: str, way: str) -> None:
    head, claims, signature = token.split(".")
    forged = f"{head}.{claims}.{signature[:-8]}{signature[-8:].swapcase()}"

    assert [get(service, way, "refunds", one).status for one in ("", forged)] == [401, 401]


@pytest.mark.parametrize("way", WAYS)
def test_a_sign_in_by_pin_is_asked_for_a_higher_level(service: ProtectedService, token: str, way: str) -> None:
    answer = get(service, way, "bank-account", token)

    assert answer.status == 401
    assert answer.json() == {
        "code": "insufficient-user-authentication",
        "acr_values": ["passkey", "pin-code"],
        "max_age": 300,
    }
    assert 'error="insufficient_user_authentication"' in (
        answer.headers.get("WWW-Authenticate") or answer.headers["x-amzn-remapped-www-authenticate"]
    )
