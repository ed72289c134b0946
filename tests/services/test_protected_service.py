"""The example of a protected service: which tokens it accepts, how it reads keys, and how it asks for a level."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from time import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samtranslator.yaml_helper import yaml_parse

from protected_service.answers import answer, invalid_token
from protected_service.levels import Level
from protected_service.tokens import InvalidToken, Verifier, bearer
from simulators.expansion import expanded
from simulators.template import ROOT
from tests.support.service_tokens import MEMBER, ORIGIN, SERVICE, TokenMaker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.cloud import Cloud

LEVEL = Level(("passkey", "pin-code"), 300)
NOW = 1_800_000_000


@pytest.fixture
def maker(cloud: Cloud) -> TokenMaker:
    return TokenMaker(cloud)


@dataclass
class Issuer:
    """The issuer as the service reads it: its keys, and how often they were read."""

    keys: Mapping[str, Any]
    reads: list[str] = field(default_factory=list)
    is_down: bool = False
    later: int = 0

    def read(self, address: str) -> Mapping[str, Any]:
        self.reads.append(address)
        if self.is_down:
            raise TimeoutError
        return self.keys

    def now(self) -> float:
        return time() + self.later

    def verifier(self, audience: str = SERVICE) -> Verifier:
        return Verifier(f"{ORIGIN}/v1", audience, self.now, self.read)


def is_taken(verifier: Verifier, token: str) -> bool:
    try:
        return bool(verifier.claims(token)["sub"] == MEMBER)
    except InvalidToken:
        return False


def test_only_good_tokens_are_accepted(maker: TokenMaker) -> None:
    verifier = Issuer(maker.published.keys).verifier()
    tokens = {"good": maker.good, "another type": maker.of_another_type(), **maker.forgeries()}

    assert [name for name, token in tokens.items() if is_taken(verifier, token)] == ["good"]


def test_a_service_that_is_not_registered_accepts_no_token(maker: TokenMaker) -> None:
    assert not is_taken(Issuer(maker.published.keys).verifier("https://shop.mutuelle.example"), maker.good)


@pytest.mark.parametrize("missing", ["aud", "exp", "iss", "sub"])
def test_a_token_without_a_claim_is_refused(maker: TokenMaker, missing: str) -> None:
    assert not is_taken(Issuer(maker.published.keys).verifier(), maker.with_claims(**{missing: None}))


@settings(max_examples=30)
@given(st.text() | st.from_regex(r"[\w-]{1,20}\.[\w-]{1,20}\.[\w-]{1,20}", fullmatch=True))
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        Issuer({"keys": []}).verifier().claims(text)


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "token"])
def test_a_header_without_a_bearer_token_is_refused(maker: TokenMaker, header: str) -> None:
    with pytest.raises(InvalidToken):
        Issuer(maker.published.keys).verifier().claims(bearer(header))


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER  {}"])
def test_the_name_of_the_scheme_takes_any_case(header: str) -> None:
    assert bearer(header.format("a.b.c")) == "a.b.c"


def test_keys_are_read_once_for_many_tokens(maker: TokenMaker) -> None:
    issuer = Issuer(maker.published.keys)
    verifier = issuer.verifier()
    assert all(is_taken(verifier, maker.good) for _ in range(3))
    assert issuer.reads == [f"{ORIGIN}/v1/.well-known/jwks.json"]


def test_made_up_names_of_keys_cause_a_read_a_minute_at_most(maker: TokenMaker) -> None:
    issuer = Issuer(maker.published.keys)
    verifier, made_up = issuer.verifier(), maker.forgeries()["a name of no key"]
    for issuer.later in range(0, 180, 2):
        assert not is_taken(verifier, made_up)
    assert len(issuer.reads) == 3


def test_a_key_that_is_new_to_the_service_is_read(maker: TokenMaker) -> None:
    issuer = Issuer({"keys": []})
    verifier = issuer.verifier()
    assert not is_taken(verifier, maker.good)
    issuer.keys, issuer.later = maker.published.keys, 61
    assert is_taken(verifier, maker.good)


def test_a_key_that_the_issuer_withdrew_is_forgotten_within_the_hour(maker: TokenMaker) -> None:
    issuer = Issuer(maker.published.keys)
    verifier, long = issuer.verifier(), maker.with_claims(exp=int(time()) + 7200)
    assert is_taken(verifier, long)
    issuer.keys, issuer.later = {"keys": []}, 3601
    assert not is_taken(verifier, long)


def test_an_issuer_that_is_down_stops_no_service_that_knows_its_keys(maker: TokenMaker) -> None:
    issuer = Issuer(maker.published.keys)
    verifier, long = issuer.verifier(), maker.with_claims(exp=int(time()) + 7200)
    assert is_taken(verifier, long)
    issuer.is_down, issuer.later = True, 3601
    assert is_taken(verifier, long)


def test_without_any_keys_no_token_is_accepted(maker: TokenMaker) -> None:
    issuer = Issuer(maker.published.keys, is_down=True)
    with pytest.raises(TimeoutError):
        issuer.verifier().claims(maker.good)


@pytest.mark.parametrize(
    ("claims", "is_met"),
    [
        ({"acr": "passkey", "auth_time": NOW}, True),
        ({"acr": "pin-code", "auth_time": NOW - 300}, True),
        ({"acr": "passkey", "auth_time": str(NOW - 300)}, True),
        ({"acr": "passkey", "auth_time": NOW - 301}, False),
        ({"acr": "pin", "auth_time": NOW}, False),
        ({"acr": "pin-known-browser", "auth_time": NOW}, False),
        ({"acr": "", "auth_time": NOW}, False),
        ({"auth_time": NOW}, False),
        ({"acr": "passkey"}, False),
        ({"acr": "passkey", "auth_time": "soon"}, False),
    ],
)
def test_a_level_is_met_by_a_sign_in_that_is_strong_and_recent(claims: dict[str, object], is_met: bool) -> None:
    assert LEVEL.is_met(claims, NOW) is is_met


def test_a_low_level_shows_refunds_and_no_bank_account() -> None:
    claims = {"sub": MEMBER, "acr": "pin", "auth_time": NOW}

    assert answer("/refunds", claims, LEVEL, NOW)["statusCode"] == 200
    refused = answer("/by-itself/bank-account", claims, LEVEL, NOW)
    assert refused["statusCode"] == 401
    assert refused["headers"]["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", '
        'error_description="Another level of sign-in, or a more recent one, is needed", '
        'acr_values="passkey pin-code", max_age="300"'
    )
    assert json.loads(refused["body"])["acr_values"] == ["passkey", "pin-code"]


def test_a_high_level_shows_the_bank_account() -> None:
    claims = {"sub": MEMBER, "acr": "passkey", "auth_time": NOW}
    shown = answer("/bank-account", claims, LEVEL, NOW + 60)

    assert (shown["statusCode"], json.loads(shown["body"])) == (200, {"member": MEMBER, "shows": "bank-account"})


def test_a_call_without_a_token_learns_why() -> None:
    assert invalid_token()["headers"]["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_api_gateway_verifies_issuer_and_audience_but_where_the_function_does() -> None:
    body = yaml_parse((ROOT / "examples/protected-service/template.yaml").read_text("utf-8"))
    resources = expanded(body, {"Issuer": f"{ORIGIN}/v1", "Audience": SERVICE})["Resources"]
    api = resources["HttpApi"]["Properties"]["Body"]
    ((name, scheme),) = api["components"]["securitySchemes"].items()
    configuration = scheme["x-amazon-apigateway-authorizer"]["jwtConfiguration"]

    assert configuration == {"issuer": {"Ref": "Issuer"}, "audience": [{"Ref": "Audience"}]}
    assert {path: methods["get"]["security"] for path, methods in api["paths"].items()} == {
        "/refunds": [{name: []}],
        "/bank-account": [{name: []}],
        "/by-itself/refunds": [{"NONE": []}],
        "/by-itself/bank-account": [{"NONE": []}],
    }
