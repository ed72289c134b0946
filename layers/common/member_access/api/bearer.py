"""Access tokens that callers send as ``Authorization: Bearer`` (RFC 6750), verified for this service's own calls.

Only the functions whose requirements have joserfc import this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from member_access.api.router import Scheme
from member_access.errors import Refusal
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from joserfc.jwt import Token

    from member_access.api.router import BodyType, Request
    from member_access.sessions.access_tokens import AccessTokens

FRESH_SECONDS: Final = 300
"""How long after a sign-in its token may change what signs the member in."""

_ALGORITHM: Final = "RS256"
_TYPE: Final = "at+jwt"
_MAX_TOKEN: Final = 4096


ACCESS_TOKEN: Final = Scheme(
    "accessToken",
    MappingProxyType(
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token."},
    ),
)
"""How the callers of these calls authenticate, as documented."""


class InvalidToken(Refusal):
    """No access token of this service, or one that has expired (RFC 6750 §3.1)."""

    code = "invalid-token"
    status = 401
    authenticate = 'Bearer realm="member-access", error="invalid_token"'


class SignInAgain(Refusal):
    """The sign-in is too long ago for this call (RFC 9470 §3)."""

    code = "sign-in-again"
    status = 401
    authenticate = f'Bearer realm="member-access", error="insufficient_user_authentication", max_age={FRESH_SECONDS}'


@dataclass(frozen=True)
class Bearer:
    """The caller that an access token names.

    Attributes:
        identifier: the member.
        authenticated_at: when the member signed in (``auth_time``); a refresh does not change it.
        sid: names the session that the token was issued in; it may have ended since.
    """

    identifier: Identifier
    authenticated_at: Instant
    sid: str

    def check_fresh(self, now: Instant) -> None:
        """Check that the sign-in is at most five minutes ago.

        Raises:
            SignInAgain: it is longer ago.
        """
        if now - self.authenticated_at > FRESH_SECONDS:
            raise SignInAgain


class BearerTokens:
    """Verifies access tokens by the keys that the service publishes.

    Args:
        tokens: names the keys and the claims. The keys are read from KMS once in a process; a token with a key that
            the settings do not name is refused without a call.
        now: the clock.
    """

    def __init__(self, tokens: AccessTokens, now: Callable[[], Instant]) -> None:
        self._tokens = tokens
        self._now = now

    def caller(self, request: Request[BodyType]) -> Bearer:
        """Return the caller of a request.

        Raises:
            InvalidToken: there is no valid token of this service.
            Unavailable: KMS did not give the keys.
        """
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(text) <= _MAX_TOKEN:
            raise InvalidToken
        keys = self._keys
        try:
            token = jwt.decode(text.strip(), keys, algorithms=[_ALGORITHM])
        except (JoseError, ValueError):
            token = None
        # Raised outside the except block, so that the refusal's context does not keep the token.
        if token is None:
            raise InvalidToken
        return self._bearer(token)

    def _bearer(self, token: Token) -> Bearer:
        header, claims = token.header, token.claims
        # RFC 9068 §4: the type tells an access token from any other token of the same key.
        if header.get("typ") != _TYPE or "kid" not in header or not self._is_ours(claims):
            raise InvalidToken
        return Bearer(Identifier(claims["sub"]), Instant(claims["auth_time"]), claims["sid"])

    def _is_ours(self, claims: Mapping[str, object]) -> bool:
        profile, audience, expires_at = self._tokens.profile, claims.get("aud"), claims.get("exp")
        return (
            claims.get("iss") == profile.issuer
            and profile.own_audience in (audience if isinstance(audience, list) else [audience])
            and isinstance(expires_at, int)
            and self._now() < expires_at
            and isinstance(claims.get("sub"), str)
            and isinstance(claims.get("auth_time"), int)
            and isinstance(claims.get("sid"), str)
        )

    @cached_property
    def _keys(self) -> KeySet:
        return KeySet([RSAKey.import_key(dict[str, str | list[str]](**key)) for key in self._tokens.signing_keys])
