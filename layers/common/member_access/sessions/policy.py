"""Sessions: opaque refresh tokens, replaced at every use (RFC 9700 §4.14.2).

The next token of a session is derived from the present one and a key that only the table holds; neither suffices
alone. A refresh repeated within the grace (two tabs at once) returns the same token, so one session never becomes two.
After the grace the token before the present one still works while no one has used the present one: its answer was lost,
as when a lid closes. Then the present token is replaced too; its use ends the session. Any other older
token ends its session.
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
    """The value of the session cookie: the session's id (128 bits) and its present token (256 bits)."""

    __slots__ = ()

    @classmethod
    def of(cls, session_id: bytes, token: bytes) -> Self:
        """Join the two parts, in URL-safe base64."""
        return cls(f"{_encode(session_id)}.{_encode(token)}")

    def parts(self) -> tuple[bytes, bytes]:
        """Return the session's id and the token.

        Raises:
            InvalidValue: the value is no refresh token.
        """
        session_id, separator, token = self.reveal().partition(".")
        decoded = _decode(session_id), _decode(token)
        if not separator or (len(decoded[0]), len(decoded[1])) != (_ID_BYTES, _TOKEN_BYTES):
            raise InvalidValue("not a refresh token")
        return decoded


@dataclass(frozen=True)
class SessionPolicy:
    """The durations of a session, in seconds.

    Attributes:
        idle: without a refresh.
        longest: in all.
        grace: the time in which the token before the present one gets the same answer again.
    """

    idle: int
    longest: int
    grace: int


@dataclass(frozen=True)
class Session:
    """A session as stored: hashes and a chain key, never a token."""

    id_hash: str
    identifier: Identifier
    credential_version: int
    started_at: Instant
    rotated_at: Instant
    chain_key: bytes
    token_hash: str
    previous_hash: str | None

    @property
    def digest(self) -> bytes:
        """The hash of its id as bytes: it stands for the session among the member's sign-ins."""
        return bytes.fromhex(self.id_hash)

    def ends_at(self, policy: SessionPolicy) -> Instant:
        """Return when the session ends without a further refresh."""
        return Instant(min(self.rotated_at + policy.idle, self.started_at + policy.longest))


class Ending(StrEnum):
    """The reason why a session ends."""

    IDLE = "idle"
    LONGEST = "longest"
    REUSE = "reuse"


@dataclass(frozen=True)
class Rotate:
    """The decision to replace the session with ``session`` and to send ``token`` to the browser.

    Attributes:
        session: the new state.
        token: the new token.
        is_resumed: whether the answer with the token before it was lost.
    """

    session: Session
    token: RefreshToken
    is_resumed: bool = False


@dataclass(frozen=True)
class Repeat:
    """The decision to repeat the previous answer, because its token was replaced within the grace."""

    token: RefreshToken


@dataclass(frozen=True)
class End:
    """The decision to end the session."""

    reason: Ending


def start_session(
    identifier: Identifier, credential_version: int, now: Instant, random_bytes: Callable[[int], bytes]
) -> tuple[Session, RefreshToken]:
    """Return a new session to store, and its token for the browser."""
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
    """Return the hash under which the session of a token is stored.

    Raises:
        InvalidValue: the value is no refresh token.
    """
    return _hash(token.parts()[0])


def refresh(session: Session, presented: RefreshToken, policy: SessionPolicy, now: Instant) -> Rotate | Repeat | End:
    """Decide on a refresh token that a browser has presented.

    Raises:
        InvalidValue: the value is no refresh token.
    """
    session_id, token = presented.parts()
    if now >= session.started_at + policy.longest:
        return End(Ending.LONGEST)
    if now >= session.rotated_at + policy.idle:
        return End(Ending.IDLE)
    token_hash = _hash(token)
    if hmac.compare_digest(token_hash, session.token_hash):
        following = _following(session.chain_key, token)
        rotated = replace(session, token_hash=_hash(following), previous_hash=token_hash, rotated_at=now)
        return Rotate(rotated, RefreshToken.of(session_id, following))
    if not hmac.compare_digest(token_hash, session.previous_hash or ""):
        return End(Ending.REUSE)
    if now < session.rotated_at + policy.grace:
        return Repeat(RefreshToken.of(session_id, _following(session.chain_key, token)))
    chain_key = hmac.new(session.chain_key, b"resumed", hashlib.sha256).digest()
    following = _following(chain_key, token)
    resumed = replace(session, chain_key=chain_key, token_hash=_hash(following), rotated_at=now)
    return Rotate(resumed, RefreshToken.of(session_id, following), is_resumed=True)


def _following(chain_key: bytes, token: bytes) -> bytes:
    return hmac.new(chain_key, token, hashlib.sha256).digest()


def _hash(value: bytes) -> str:
    # A plain hash suffices for 128 random bits or more.
    return hashlib.sha256(value).hexdigest()


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidValue("not a refresh token") from None
