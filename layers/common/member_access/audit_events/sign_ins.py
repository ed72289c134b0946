"""The events of signing in, of sessions and of guesses at PINs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from member_access.audit import AuditEvent


@dataclass(frozen=True, kw_only=True)
class SignInSucceeded(AuditEvent):
    """A member signed in."""

    name = "login.succeeded"

    known_browser: bool
    failures_before: int


@dataclass(frozen=True, kw_only=True)
class PinRejected(AuditEvent):
    """A guess at a PIN was checked and was wrong.

    Attributes:
        hash_unusable: the member's PIN hash names a key or a cost that the settings do not, so no PIN matches it. A
            field and not an event, because an event would be more work for members alone.
    """

    name = "login.failed"

    known_browser: bool
    failures: int
    hash_unusable: bool


@dataclass(frozen=True, kw_only=True)
class PinRefused(AuditEvent):
    """A guess at a PIN was refused without checking it."""

    name = "login.refused"

    known_browser: bool
    limit: Literal["source", "attempts"]
    answer: str


@dataclass(frozen=True, kw_only=True)
class SessionRefreshed(AuditEvent):
    """A session continues; ``repeated`` says that the token had been replaced already, and its successor not used."""

    name = "session.refreshed"

    repeated: bool


@dataclass(frozen=True, kw_only=True)
class SessionEnded(AuditEvent):
    """A session has ended."""

    name = "session.ended"

    reason: Literal["idle", "longest", "reuse", "pin-changed", "signed-out"]


@dataclass(frozen=True, kw_only=True)
class PinHashUpgraded(AuditEvent):
    """The stored hash of a PIN was replaced with one of the current key and cost."""

    name = "pin.hash-upgraded"
