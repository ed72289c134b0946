"""Counters, known browsers and sessions as bytes.

DynamoDB bills a write by the kilobyte of its item, and botocore spends some microseconds on every value of an item that
is read. Packed, a member with a few sessions and browsers stays below the kilobyte, and a read takes as long for a
member with ten of each as for an identifier with none. An attribute has one form: another one gets another name.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from member_access.sessions.browser_families import BrowserFamily
from member_access.sessions.methods import Method
from member_access.sessions.policy import Session
from member_access.throttling.policy import Attempts
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from member_access.values.types import Identifier

_COUNTER: Final = struct.Struct(">IIH")
"""Consecutive failures, the last guess, the number of days that follow."""

_DAY: Final = struct.Struct(">HH")
"""A day since 1970-01-01 and its failures."""

_MOST_A_DAY: Final = 0xFFFF

_BROWSER: Final = struct.Struct(">16sBII")
"""A digest, the family, since when it is known, its last sign-in; its counter follows."""

_SESSION: Final = struct.Struct(">16sBBII")
"""A digest, the method, the family of the browser, the start, the last rotation."""

_SECRETS: Final = struct.Struct(">32s32s32s")
"""The hashes of the token and of the one before, and the chain key."""

_METHODS: Final = {Method.PIN: 1, Method.PIN_KNOWN_BROWSER: 2, Method.PIN_CODE: 3, Method.PASSKEY: 4}
_METHOD_OF: Final = {number: method for method, number in _METHODS.items()}
_NO_HASH: Final = bytes(32)
_DIGEST_BYTES: Final = 16


class KnownBrowser(NamedTuple):
    """A browser in which the member has signed in with the present PIN, or has set it.

    Attributes:
        digest: stands for it.
        since: when it became known.
        used_at: when the member last signed in there.
        attempts: the counter of guesses there.
        family: by which the member knows it again.
    """

    digest: bytes
    since: Instant
    used_at: Instant
    attempts: Attempts
    family: BrowserFamily = BrowserFamily()

    @property
    def public_id(self) -> str:
        """The id by which the API names it; nothing can be looked up by it."""
        return hashlib.sha256(b"browser\0" + self.digest).hexdigest()[:32]


def pack_counter(attempts: Attempts) -> bytes:
    """Pack a counter; days without a failure are left out."""
    days = sorted((day, count) for day, count in attempts.failures_by_day.items() if count > 0)
    head = _COUNTER.pack(attempts.failures, attempts.last_attempt_at, len(days))
    return head + b"".join(_DAY.pack(day, min(count, _MOST_A_DAY)) for day, count in days)


def unpack_counter(packed: bytes, credential_version: int, start: int = 0) -> Attempts:
    """Unpack a counter of guesses at a credential of this version."""
    failures, last_attempt_at, days = _COUNTER.unpack_from(packed, start)
    after = start + _COUNTER.size
    by_day = dict(_DAY.iter_unpack(packed[after : after + days * _DAY.size]))
    return Attempts(failures, Instant(last_attempt_at), by_day, credential_version)


def pack_browsers(browsers: Iterable[KnownBrowser]) -> bytes:
    """Pack known browsers, the oldest first."""
    return b"".join(
        _BROWSER.pack(one.digest, one.family.code, one.since, one.used_at) + pack_counter(one.attempts)
        for one in browsers
    )


def unpack_browsers(packed: bytes, credential_version: int) -> tuple[KnownBrowser, ...]:
    """Unpack known browsers."""
    return tuple(_browser_at(packed, start, credential_version) for start in _starts(packed))


def find_browser(packed: bytes, digest: bytes, credential_version: int) -> KnownBrowser | None:
    """Unpack the known browser of this digest, if it is among them."""
    for start in _starts(packed):
        if packed[start : start + _DIGEST_BYTES] == digest:
            return _browser_at(packed, start, credential_version)
    return None


def _starts(packed: bytes) -> list[int]:
    # No generator: its turns would be calls, as many as a member has browsers.
    starts, start = [], 0
    while start < len(packed):
        starts.append(start)
        counter = start + _BROWSER.size
        *_, days = _COUNTER.unpack_from(packed, counter)
        start = counter + _COUNTER.size + days * _DAY.size
    return starts


def _browser_at(packed: bytes, start: int, credential_version: int) -> KnownBrowser:
    digest, family, since, used_at = _BROWSER.unpack_from(packed, start)
    attempts = unpack_counter(packed, credential_version, start + _BROWSER.size)
    return KnownBrowser(digest, Instant(since), Instant(used_at), attempts, BrowserFamily.from_code(family))


def pack_sessions(sessions: Iterable[Session]) -> tuple[bytes, bytes]:
    """Pack sessions, the oldest first: what an operator may see of them, and apart from it hashes and chain keys."""
    shown, secrets = [], []
    for one in sessions:
        shown.append(_SESSION.pack(one.digest, _METHODS[one.method], one.family.code, one.started_at, one.rotated_at))
        secrets.append(_SECRETS.pack(one.token_hash, one.previous_hash or _NO_HASH, one.chain_key))
    return b"".join(shown), b"".join(secrets)


def unpack_sessions(shown: bytes, secrets: bytes, identifier: Identifier) -> tuple[Session, ...]:
    """Unpack the sessions of a member; without their secrets no token fits.

    Sessions that a later release opened in a way of its own are none for this one, which may run beside it.
    """
    numbers = len(shown) // _SESSION.size
    complete = secrets or bytes(numbers * _SECRETS.size)
    return tuple(
        Session(
            digest=digest,
            identifier=identifier,
            method=_METHOD_OF[method],
            family=BrowserFamily.from_code(family),
            started_at=Instant(started_at),
            rotated_at=Instant(rotated_at),
            chain_key=chain_key,
            token_hash=token_hash,
            previous_hash=None if previous_hash == _NO_HASH else previous_hash,
        )
        for (digest, method, family, started_at, rotated_at), (token_hash, previous_hash, chain_key) in zip(
            _SESSION.iter_unpack(shown), _SECRETS.iter_unpack(complete), strict=True
        )
        if method in _METHOD_OF
    )
