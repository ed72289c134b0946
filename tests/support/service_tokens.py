"""Access tokens as services may receive them: good ones, and forgeries of every kind that a library must reject."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from joserfc.jwk import RSAKey

from member_access.values.types import Instant
from simulators.clock import Clock
from simulators.sign_in_driver import Browser, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.cloud import Cloud

MEMBER = "A1234567"
ORIGIN = "https://members.example"
SERVICE = "https://refunds.mutuelle.example"
"""A service that the parameter ``ServiceAudiences`` names."""

_Claims = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """What services read of the issuer.

    Attributes:
        issuer: its name.
        configuration: the document of ``/.well-known/openid-configuration``.
        keys: the document of ``/.well-known/jwks.json``.
    """

    issuer: str
    configuration: Mapping[str, Any]
    keys: Mapping[str, Any]


class TokenMaker:
    """Signs in at the functions, and makes forgeries from the token.

    Libraries read the time of the machine, so the functions get it too.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        door = FrontDoor(cloud, {"ServiceAudiences": SERVICE}, clock=Clock(Instant(int(time()))))
        door.add_member(MEMBER)
        browser = Browser(door)
        self.good: str = browser.sign_in(MEMBER).body["access_token"]
        self._header, self._claims = (_decode(part) for part in self.good.split(".")[:2])
        configuration = browser.send("GET", "/.well-known/openid-configuration").body
        self.published = Published(
            configuration["issuer"], configuration, browser.send("GET", "/.well-known/jwks.json").body
        )
        self._public = RSAKey.import_key(self.published.keys["keys"][0]).as_pem(private=False)

    def forgeries(self) -> dict[str, str]:
        """Return tokens that no service may accept, by what is wrong with them."""
        stranger = _stranger()
        hour = 3600
        return {
            "no signature": self._token({"alg": "none"}, sign=lambda _: b""),
            "an HMAC by the public key": self._token({"alg": "HS256"}, sign=self._hmac_by_the_public_key),
            "another key": self._token(sign=stranger),
            "another key under its own name": self._token({"kid": "stranger"}, sign=stranger),
            "a name of no key": self._token({"kid": "stranger"}),
            "expired": self._token(claims={"iat": self._claims["iat"] - hour, "exp": self._claims["exp"] - hour}),
            "for another audience": self._token(claims={"aud": ["https://elsewhere.example"]}),
            "of another issuer": self._token(claims={"iss": f"{ORIGIN}.example/v1"}),
            "changed": self._token(claims={"sub": "B7654321"}, sign=lambda _: _bytes(self.good.split(".")[2])),
        }

    def of_another_type(self) -> str:
        """Return a token that says it is any JWT: the signature is good, but an ID token could look like this."""
        return self._token({"typ": "JWT"})

    def with_claims(self, **claims: object) -> str:
        """Return a token of the issuer's key with other claims; those that are None are left out."""
        return self._token(claims=claims)

    def _token(
        self,
        header: _Claims | None = None,
        claims: Mapping[str, object] | None = None,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> str:
        stated = {name: value for name, value in {**self._claims, **(claims or {})}.items() if value is not None}
        signed = f"{_encode({**self._header, **(header or {})})}.{_encode(stated)}"
        return f"{signed}.{_text((sign or self._sign)(signed.encode()))}"

    def _sign(self, message: bytes) -> bytes:
        signed = self._cloud.kms.sign(
            KeyId=self._cloud.keys["SigningKey"],
            Message=message,
            MessageType="RAW",
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
        )
        return signed["Signature"]

    def _hmac_by_the_public_key(self, message: bytes) -> bytes:
        return hmac.digest(self._public, message, hashlib.sha256)


def _stranger() -> Callable[[bytes], bytes]:
    key = rsa.generate_private_key(65_537, 2048)
    return lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def _encode(part: _Claims) -> str:
    return _text(json.dumps(part).encode())


def _decode(part: str) -> _Claims:
    decoded: _Claims = json.loads(_bytes(part))
    return decoded


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}==")
