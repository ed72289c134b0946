"""Verifies access tokens (RFC 9068) by the keys that their issuer publishes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import GuestProtocol

KEPT_SECONDS = 3600
"""After that, the keys are read again; the issuer publishes a new key a day before it signs."""

LEAST_SECONDS_BETWEEN_READS = 60
"""So that made-up names of keys do not become calls to the issuer."""


class InvalidToken(Exception):
    """The token does not show who calls."""


class Verifier:
    """Verifies tokens of one issuer for one service.

    Args:
        issuer: the issuer, ``<PublicOrigin>/v1``.
        audience: the name of this service in ``ServiceAudiences``.
        now: seconds since 1970.
        read: returns a JSON document of the issuer by its address, and raises ``OSError`` if it cannot.
    """

    def __init__(
        self, issuer: str, audience: str, now: Callable[[], float], read: Callable[[str], Any] | None = None
    ) -> None:
        self._keys_address = f"{issuer}/.well-known/jwks.json"
        self._now, self._read = now, read or _read_json
        self._keys, self._read_at, self._tried_at = KeySet([]), -1e9, -1e9
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now()),
            leeway=5,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def claims(self, token: str) -> dict[str, Any]:
        """Return the claims of a good token.

        Raises:
            InvalidToken: it is none.
            OSError: the issuer gave no keys yet.
        """
        try:
            decoded = jwt.decode(token, self._keys_for, algorithms=["RS256"])
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise InvalidToken(str(error)) from error
        if decoded.header.get("typ") != "at+jwt":
            raise InvalidToken("not an access token")
        return decoded.claims

    def _keys_for(self, token: GuestProtocol) -> KeySet:
        now = self._now()
        is_known = any(key.kid == token.headers().get("kid") for key in self._keys.keys)
        is_old = now - self._read_at >= KEPT_SECONDS
        if (is_old or not is_known) and now - self._tried_at >= LEAST_SECONDS_BETWEEN_READS:
            self._tried_at = now
            try:
                self._keys, self._read_at = KeySet.import_key_set(self._read(self._keys_address)), now
            except (OSError, ValueError):
                if not is_known:
                    raise
        return self._keys


def bearer(header: str) -> str:
    """Return the token of a header ``Authorization`` (RFC 6750 §2.1).

    Raises:
        InvalidToken: there is none.
    """
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken("no bearer token")
    return token.strip()


def _read_json(address: str) -> Any:  # noqa: ANN401 - JSON
    with urlopen(address, timeout=3) as answer:  # noqa: S310 - an address of the configuration
        return json.load(answer)
