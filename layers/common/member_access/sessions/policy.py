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
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

from member_access.errors import InvalidValue
from member_access.members.pseudonyms import Pseudonym
from member_access.sessions.browser_families import BrowserFamily
from member_access.values.types import Identifier, Instant, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.sessions.methods import Method

_ID_BYTES = 16
_TOKEN_BYTES = 32


class TokenParts(NamedTuple):
    """What a refresh token consists of.

    Attributes:
        whose: the pseudonym of the member's identifier; it leads to the item that holds the session.
        session_id: 128 random bits.
        token: 256 random bits, replaced at every use.
    """

    whose: Pseudonym
    session_id: bytes
    token: bytes


class RefreshToken(Secret):
    """The value of the session cookie."""

    __slots__ = ()

    @classmethod
    def of(cls, parts: TokenParts) -> Self:
        """Join the parts, in URL-safe base64."""
        return cls(".".join(map(_encode, (bytes.fromhex(parts.whose), parts.session_id, parts.token))))

    def parts(self) -> TokenParts:
        """Return the parts.

        Raises:
            InvalidValue: the value is no refresh token.
        """
        decoded = [_decode(part) for part in self.reveal().split(".")]
        if [len(part) for part in decoded] != [_ID_BYTES, _ID_BYTES, _TOKEN_BYTES]:
            raise InvalidValue("not a refresh token")
        whose, session_id, token = decoded
        return TokenParts(Pseudonym(whose.hex()), session_id, token)


class SessionPolicy(NamedTuple):
    """The durations of a session, in seconds.

    Attributes:
        idle: without a refresh.
        longest: in all.
        grace: the time in which the token before the present one gets the same answer again.
    """

    idle: int
    longest: int
    grace: int


class Session(NamedTuple):
    """A session as stored: hashes and a chain key, never a token.

    Attributes:
        digest: the hash of its id, by which it is found.
        method: how it was opened.
        started_at: when; also when the member last showed who they are.
        rotated_at: when its token was last replaced.
        family: of the browser in which it was opened.
    """

    digest: bytes
    identifier: Identifier
    method: Method
    started_at: Instant
    rotated_at: Instant
    chain_key: bytes
    token_hash: bytes
    previous_hash: bytes | None
    family: BrowserFamily = BrowserFamily()

    @property
    def sid(self) -> str:
        """The id by which tokens and services name it; nothing can be looked up by it."""
        return _encode(hashlib.sha256(b"sid\0" + self.digest).digest()[:_ID_BYTES])

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


Verdict: TypeAlias = Rotate | Repeat | End


def start_session(  # noqa: PLR0913, PLR0917 - a member, a way, a browser, a moment, chance
    identifier: Identifier,
    whose: Pseudonym,
    method: Method,
    family: BrowserFamily,
    now: Instant,
    random_bytes: Callable[[int], bytes],
) -> tuple[Session, RefreshToken]:
    """Return a new session to store, and its token for the browser.

    Args:
        identifier: the member's.
        whose: the pseudonym of the identifier.
        method: how the session is opened.
        family: of the browser.
        now: the moment.
        random_bytes: returns the given number of bytes, fit for secrets.
    """
    session_id, token = random_bytes(_ID_BYTES), random_bytes(_TOKEN_BYTES)
    session = Session(
        digest=session_digest(session_id),
        identifier=identifier,
        method=method,
        family=family,
        started_at=now,
        rotated_at=now,
        chain_key=random_bytes(_TOKEN_BYTES),
        token_hash=_hash(token),
        previous_hash=None,
    )
    return session, RefreshToken.of(TokenParts(whose, session_id, token))


def session_digest(session_id: bytes) -> bytes:
    """Return the hash by which a session is found: 128 bits, as many as its id has."""
    return _hash(session_id)[:_ID_BYTES]


def refresh(session: Session, presented: TokenParts, policy: SessionPolicy, now: Instant) -> Verdict:
    """Decide on a refresh token that a browser has presented."""
    token = presented.token
    if now >= session.started_at + policy.longest:
        return End(Ending.LONGEST)
    if now >= session.rotated_at + policy.idle:
        return End(Ending.IDLE)
    token_hash = _hash(token)
    if hmac.compare_digest(token_hash, session.token_hash):
        following = _following(session.chain_key, token)
        rotated = session._replace(token_hash=_hash(following), previous_hash=token_hash, rotated_at=now)
        return Rotate(rotated, _with(presented, following))
    if not hmac.compare_digest(token_hash, session.previous_hash or b""):
        return End(Ending.REUSE)
    if now < session.rotated_at + policy.grace:
        return Repeat(_with(presented, _following(session.chain_key, token)))
    chain_key = hmac.new(session.chain_key, b"resumed", hashlib.sha256).digest()
    following = _following(chain_key, token)
    resumed = session._replace(chain_key=chain_key, token_hash=_hash(following), rotated_at=now)
    return Rotate(resumed, _with(presented, following), is_resumed=True)


def _with(presented: TokenParts, token: bytes) -> RefreshToken:
    return RefreshToken.of(presented._replace(token=token))


def _following(chain_key: bytes, token: bytes) -> bytes:
    return hmac.new(chain_key, token, hashlib.sha256).digest()


def _hash(value: bytes) -> bytes:
    # A plain hash suffices for 128 random bits or more.
    return hashlib.sha256(value).digest()


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidValue("not a refresh token") from None
