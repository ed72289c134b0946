"""Access tokens as this service's own calls verify them."""

from __future__ import annotations

import base64
import hmac
import json
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from member_access.api.bearer import BearerTokens, InvalidToken
from member_access.api.router import NoBody, Request
from member_access.members.pseudonyms import Pseudonym
from member_access.sessions.access_tokens import AccessTokens, TokenProfile
from member_access.sessions.browser_families import BrowserFamily
from member_access.sessions.methods import Method
from member_access.sessions.policy import start_session
from member_access.values.types import Identifier, Instant
from simulators.clock import NOON
from simulators.sign_in_driver import Browser, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud

PROFILE = TokenProfile("https://members.example/v1", "https://members.example", "espace-adherent", 900)
CLAIMS = {
    "iss": PROFILE.issuer,
    "aud": PROFILE.audience,
    "sub": "A1234567",
    "exp": NOON + 900,
    "auth_time": NOON,
    "sid": "session",
}


class Service:
    """A function that verifies tokens, and a forger with a key of their own."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.tokens = AccessTokens(cloud.kms, cloud.keys["SigningKey"], PROFILE, lambda count: b"r" * count)
        self._bearers = BearerTokens(self.tokens, cloud.clock)
        self.kid = self.tokens.signing_keys[0]["kid"]
        self.public = RSAKey.import_key(dict[str, str | list[str]](**self.tokens.signing_keys[0]))

    def caller(self, text: str) -> Identifier:
        request = Request(NoBody(), {"authorization": f"Bearer {text}"}, {}, "192.0.2.1", {})
        return self._bearers.caller(request).identifier

    def signed(self, header: dict[str, Any] | None = None, **claims: object) -> str:
        """A token that KMS signs, with another header or other claims."""
        head = {"typ": "at+jwt", "alg": "RS256", "kid": self.kid, **(header or {})}
        body = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
        text = ".".join(_encode(json.dumps(part).encode()) for part in (head, body))
        answer = self.cloud.kms.sign(
            KeyId=self.cloud.keys["SigningKey"], Message=text.encode(), SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256"
        )
        return f"{text}.{_encode(answer['Signature'])}"


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@pytest.fixture
def service(cloud: Cloud) -> Service:
    """A function that verifies tokens."""
    return Service(cloud)


@pytest.mark.parametrize("audience", [PROFILE.audience, ["https://other.example", PROFILE.audience]])
def test_a_token_of_this_service_names_its_member(service: Service, audience: object) -> None:
    session, _ = start_session(
        Identifier("A1234567"), Pseudonym("0" * 32), Method.PIN, BrowserFamily(), Instant(NOON), bytes
    )
    issued = service.tokens.issue(session, Instant(NOON))

    assert service.caller(issued.reveal()) == "A1234567"
    assert service.caller(service.signed(aud=audience)) == "A1234567"


def test_a_token_for_several_services_is_one_for_this_service_too(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"ServiceAudiences": "https://service.example"})
    door.add_member("A1234567")
    browser = Browser(door)
    headers = {"Authorization": f"Bearer {browser.sign_in('A1234567').body['access_token']}"}

    assert browser.send("GET", "/sessions", headers=headers).status == 200


def _signed_with_the_public_key(service: Service) -> str:
    head = json.dumps({"typ": "at+jwt", "alg": "HS256", "kid": service.kid}).encode()
    text = f"{_encode(head)}.{_encode(json.dumps(CLAIMS).encode())}"
    return f"{text}.{_encode(hmac.digest(service.public.as_pem(private=False), text.encode(), 'sha256'))}"


def _with_payload(service: Service, payload: bytes, alg: str = "RS256") -> str:
    head = json.dumps({"typ": "at+jwt", "alg": alg, "kid": service.kid}).encode()
    text = f"{_encode(head)}.{_encode(payload)}"
    answer = service.cloud.kms.sign(
        KeyId=service.cloud.keys["SigningKey"], Message=text.encode(), SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256"
    )
    return f"{text}.{_encode(answer['Signature'])}"


FORGERIES: dict[str, Callable[[Service], str]] = {
    "another type": lambda service: service.signed({"typ": "JWT"}),
    "no type": lambda service: service.signed({"typ": None}),
    "no key": lambda service: service.signed({"kid": None}),
    "an unknown key": lambda service: service.signed({"kid": "another"}),
    "another issuer": lambda service: service.signed(iss="https://members.example"),
    "another audience": lambda service: service.signed(aud="https://other.example"),
    "no audience": lambda service: service.signed(aud=None),
    "no expiry": lambda service: service.signed(exp=None),
    "an expiry as text": lambda service: service.signed(exp=str(NOON + 900)),
    "expired": lambda service: service.signed(exp=NOON),
    "no subject": lambda service: service.signed(sub=None),
    "no session": lambda service: service.signed(sid=None),
    "no time of the sign-in": lambda service: service.signed(auth_time=None),
    "no signature": lambda service: service.signed().rpartition(".")[0] + ".",
    "a key of the forger's": lambda service: jwt.encode(
        {"alg": "RS256", "typ": "at+jwt", "kid": service.kid}, CLAIMS, RSAKey.generate_key(2048), algorithms=["RS256"]
    ),
    "the public key as a secret": _signed_with_the_public_key,
    "no algorithm": lambda service: _with_payload(service, json.dumps(CLAIMS).encode(), alg="none"),
    "another algorithm": lambda service: service.signed({"alg": "RS384"}),
    "a critical extension": lambda service: service.signed({"crit": ["b64"], "b64": False}),
    "claims that are no object": lambda service: _with_payload(service, b"[]"),
    "no JSON": lambda service: _with_payload(service, b"\xff"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_any_other_token_is_refused(service: Service, forgery: str) -> None:
    token = FORGERIES[forgery](service)

    with pytest.raises(InvalidToken):
        service.caller(token)


def test_the_keys_are_read_from_kms_once(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    door.add_member("A1234567")
    browser = Browser(door)
    headers = {"Authorization": f"Bearer {browser.sign_in('A1234567').body['access_token']}"}
    with cloud.recorded_calls() as log:
        for _ in range(3):
            assert browser.send("GET", "/sessions", headers=headers).status == 200
            bad = {"Authorization": "Bearer " + headers["Authorization"][7:].replace("ey", "ez", 1)}
            assert browser.send("GET", "/sessions", headers=bad).status == 401

    read = [request for request in log.requests() if request.permission.action == "kms:GetPublicKey"]
    assert len(read) == 1
