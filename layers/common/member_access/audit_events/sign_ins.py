"""The events of signing in, of sessions and of guesses at PINs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from member_access.audit import AuditEvent

if TYPE_CHECKING:
    from member_access.recovery.codes import Channel


class SignInSucceeded(AuditEvent):
    """A member signed in."""

    name = "login.succeeded"

    known_browser: bool
    failures_before: int


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


class PinRefused(AuditEvent):
    """A guess at a PIN was refused without checking it."""

    name = "login.refused"

    known_browser: bool
    limit: Literal["source", "attempts"]
    answer: str


class SecondStepAsked(AuditEvent):
    """A code was asked for as a second step; ``sent`` is false if a letter was under way already.

    Attributes:
        opens: whether the step opens a session in a new browser; else it raises the level of one that is open.
    """

    name = "second-step.asked"

    channel: Channel
    opens: bool
    sent: bool


class SecondStepRefused(AuditEvent):
    """After a right PIN no code was sent: too soon, or too many."""

    name = "second-step.refused"

    limit: Literal["source", "requests"]
    retry_after: int


class SecondStepTaken(AuditEvent):
    """The code of a second step was right, and the session has its level."""

    name = "second-step.taken"

    channel: Channel
    opens: bool


class SessionRefreshed(AuditEvent):
    """A session continues; ``repeated`` says that the token had been replaced already, and its successor not used."""

    name = "session.refreshed"

    repeated: bool


class SessionEnded(AuditEvent):
    """A session has ended."""

    name = "session.ended"

    reason: Literal["idle", "longest", "reuse", "pin-changed", "signed-out", "by-member"]


class PinHashUpgraded(AuditEvent):
    """The stored hash of a PIN was replaced with one of the current key and cost."""

    name = "pin.hash-upgraded"


class BrowserForgotten(AuditEvent):
    """A browser is known no more, because its member said so."""

    name = "browser.forgotten"
