"""Sessions: opaque refresh tokens, replaced at every use (RFC 9700 §4.14.2).

The next token of a session follows from the present one and a key that only the table holds: whoever has one of
the two has nothing, and a refresh that is repeated within the grace (a lost answer, two tabs at once) is answered
with the very same token, so one session never becomes two. A token that was replaced earlier ends its session.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from member_access.errors import InvalidValue
from member_access.values.types import Identifier, Instant, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

_ID_BYTES = 16
_TOKEN_BYTES = 32


class RefreshToken(Secret):
    """What the session cookie holds: the session's id (128 bits) and its present token (256 bits)."""

    __slots__ = ()

    @classmethod
    def of(cls, session_id: bytes, token: bytes) -> Self:
        """Put the two parts together, in URL-safe base64."""
        return cls(f"{_encode(session_id)}.{_encode(token)}")

    def parts(self) -> tuple[bytes, bytes]:
        """The session's id and the token.

        Raises:
            InvalidValue: this is no refresh token.
        """
        session_id, separator, token = self.reveal().partition(".")
        decoded = _decode(session_id), _decode(token)
        if not separator or (len(decoded[0]), len(decoded[1])) != (_ID_BYTES, _TOKEN_BYTES):
            raise InvalidValue("not a refresh token")
        return decoded


@dataclass(frozen=True)
class SessionPolicy:
    """How long a session lasts, in seconds.

    Attributes:
        idle: without a refresh.
        longest: in all, whatever happens.
        grace: how long the token before the present one is still answered.
    """

    idle: int
    longest: int
    grace: int


@dataclass(frozen=True)
class Session:
    """A session as the table keeps it: hashes and a chain key, never a token."""

    id_hash: str
    identifier: Identifier
    credential_version: int
    started_at: Instant
    rotated_at: Instant
    chain_key: bytes
    token_hash: str
    previous_hash: str | None

    def ends_at(self, policy: SessionPolicy) -> Instant:
        """When the session ends if nobody refreshes it."""
        return Instant(min(self.rotated_at + policy.idle, self.started_at + policy.longest))


class Ending(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    LONGEST = "longest"
    REUSE = "reuse"


@dataclass(frozen=True)
class Rotate:
    """The token is the present one: ``session`` is what replaces the session, ``token`` goes to the browser."""

    session: Session
    token: RefreshToken


@dataclass(frozen=True)
class Repeat:
    """The token was replaced a moment ago: the same answer is given again and nothing changes."""

    token: RefreshToken


@dataclass(frozen=True)
class End:
    """The session is over."""

    reason: Ending


def start_session(
    identifier: Identifier, credential_version: int, now: Instant, random_bytes: Callable[[int], bytes]
) -> tuple[Session, RefreshToken]:
    """Begin a session: what to store, and what to give to the browser."""
    session_id, token = random_bytes(_ID_BYTES), random_bytes(_TOKEN_BYTES)
    session = Session(
        id_hash=_hash(session_id),
        identifier=identifier,
        credential_version=credential_version,
        started_at=now,
        rotated_at=now,
        chain_key=random_bytes(_TOKEN_BYTES),
        token_hash=_hash(token),
        previous_hash=None,
    )
    return session, RefreshToken.of(session_id, token)


def session_id_hash(token: RefreshToken) -> str:
    """What the session of a token is stored under.

    Raises:
        InvalidValue: this is no refresh token.
    """
    return _hash(token.parts()[0])


def refresh(session: Session, presented: RefreshToken, policy: SessionPolicy, now: Instant) -> Rotate | Repeat | End:
    """What a refresh token that was presented leads to.

    Raises:
        InvalidValue: this is no refresh token.
    """
    session_id, token = presented.parts()
    if now >= session.started_at + policy.longest:
        return End(Ending.LONGEST)
    if now >= session.rotated_at + policy.idle:
        return End(Ending.IDLE)
    token_hash = _hash(token)
    following = hmac.new(session.chain_key, token, hashlib.sha256).digest()
    if hmac.compare_digest(token_hash, session.token_hash):
        rotated = replace(session, token_hash=_hash(following), previous_hash=token_hash, rotated_at=now)
        return Rotate(rotated, RefreshToken.of(session_id, following))
    if hmac.compare_digest(token_hash, session.previous_hash or "") and now < session.rotated_at + policy.grace:
        return Repeat(RefreshToken.of(session_id, following))
    return End(Ending.REUSE)


def _hash(value: bytes) -> str:
    # A plain hash suffices: what is hashed is random, 128 bits or more.
    return hashlib.sha256(value).hexdigest()


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidValue("not a refresh token") from None
