"""Access tokens: JWTs as RFC 9068 profiles them, signed by KMS (RS256)."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from member_access.platform.aws import translate_errors
from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mypy_boto3_kms import KMSClient

    from member_access.sessions.policy import Session
    from member_access.values.types import Instant

_TOKEN_ID_BYTES = 16


class AccessToken(Secret):
    """A signed token that front-ends send as ``Authorization: Bearer``."""

    __slots__ = ()


class TokenResponse(TypedDict):
    """The body of a token response (RFC 6749 §5.1)."""

    access_token: str
    token_type: str
    expires_in: int


class SigningKey(TypedDict):
    """A public key as a JWK (RFC 7517)."""

    kty: str
    use: str
    alg: str
    kid: str
    n: str
    e: str


class TokenProfile(NamedTuple):
    """The claims that all tokens share.

    Attributes:
        issuer: the address of the API.
        audience: the origin of the insurer's own services, and its registered services if there are any.
        client_id: the only application that members use.
        lifetime: in seconds.
    """

    issuer: str
    audience: str | list[str]
    client_id: str
    lifetime: int

    @property
    def own_audience(self) -> str:
        """The audience that this service's own calls are: the origin, which stands first."""
        return self.audience if isinstance(self.audience, str) else self.audience[0]


class AccessTokens:
    """Issues access tokens and publishes the keys that verify them.

    Args:
        kms: holds the keys.
        key_arn: the key that signs.
        profile: the claims that all tokens share.
        random_bytes: returns the given number of bytes, fit for identifiers of tokens.
        other_keys: keys to publish besides: the next one, so that services know it before its first token, and the
            former one, until its last token has expired.
    """

    def __init__(
        self,
        kms: KMSClient,
        key_arn: str,
        profile: TokenProfile,
        random_bytes: Callable[[int], bytes],
        *,
        other_keys: Sequence[str] = (),
    ) -> None:
        self._kms = kms
        self._key_arn = key_arn
        self._other_keys = other_keys
        self.profile = profile
        self._random_bytes = random_bytes

    def issue(self, session: Session, now: Instant) -> AccessToken:
        """Sign a token for the member of a session: one KMS call.

        Args:
            session: its start is ``auth_time``, its method ``acr`` and ``amr``.
            now: when the token is issued.

        Raises:
            Unavailable: KMS did not answer.
        """
        header = {"typ": "at+jwt", "alg": "RS256", "kid": _key_id(self._key_arn)}
        claims = {
            "iss": self.profile.issuer,
            "aud": self.profile.audience,
            "sub": str(session.identifier),
            "client_id": self.profile.client_id,
            "iat": now,
            "exp": now + self.profile.lifetime,
            "auth_time": session.started_at,
            "acr": session.method.value,
            "amr": session.method.amr,
            "sid": session.sid,
            "jti": _encode(self._random_bytes(_TOKEN_ID_BYTES)),
        }
        signed = f"{_encode_json(header)}.{_encode_json(claims)}"
        with translate_errors():
            answer = self._kms.sign(
                KeyId=self._key_arn,
                Message=signed.encode(),
                MessageType="RAW",
                SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
            )
        return AccessToken(f"{signed}.{_encode(answer['Signature'])}")

    def response(self, token: AccessToken) -> TokenResponse:
        """Return the body of a token response."""
        return {"access_token": token.reveal(), "token_type": "Bearer", "expires_in": self.profile.lifetime}

    @cached_property
    def signing_keys(self) -> list[SigningKey]:
        """The public keys, read from KMS once: first that of the key that signs.

        Raises:
            Unavailable: KMS did not answer.
        """
        # Each once: right after a rotation the next key may still be named, and be the one that signs.
        return [self._public_key(arn) for arn in dict.fromkeys((self._key_arn, *self._other_keys))]

    def _public_key(self, key_arn: str) -> SigningKey:
        with translate_errors():
            answer = self._kms.get_public_key(KeyId=key_arn)
        modulus, exponent = _rsa_numbers(answer["PublicKey"])
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": _key_id(key_arn),
            "n": _encode(modulus.to_bytes((modulus.bit_length() + 7) // 8)),
            "e": _encode(exponent.to_bytes((exponent.bit_length() + 7) // 8)),
        }


def _key_id(key_arn: str) -> str:
    """Return the ``kid`` of a key, derived from its ARN so that signing needs no public key."""
    return _encode(hashlib.sha256(key_arn.encode()).digest()[:16])


def _rsa_numbers(public_key: bytes) -> tuple[int, int]:
    # Imported here, because only the rare call for the key set needs it.
    from pyasn1.codec.der import decoder  # noqa: PLC0415 - see above

    information, _ = decoder.decode(public_key)
    numbers, _ = decoder.decode(information[1].asOctets())
    return int(numbers[0]), int(numbers[1])


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _encode_json(value: Mapping[str, object]) -> str:
    return _encode(json.dumps(value, separators=(",", ":")).encode())
