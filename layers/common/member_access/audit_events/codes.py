"""The events of codes, and of the new PINs that they allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from member_access.audit import AuditEvent

if TYPE_CHECKING:
    from member_access.recovery.codes import Channel, RequestId


class CodeRequested(AuditEvent):
    """A code was requested; ``sent`` is false if a letter was under way already."""

    name = "reset.requested"

    channel: Channel
    sent: bool


class CodeRequestRefused(AuditEvent):
    """A code was requested too soon or too often."""

    name = "reset.refused"

    limit: Literal["source", "requests"]
    retry_after: int


class CodeVerified(AuditEvent):
    """A code was correct, and cannot be used again."""

    name = "code.verified"

    channel: Channel


class CodeRejected(AuditEvent):
    """A code was checked and was wrong, expired or void."""

    name = "code.rejected"

    channel: Channel


class CodeRefused(AuditEvent):
    """A code was refused without checking it: from a source that must wait, beside no handle of its own, or spent."""

    name = "code.refused"

    limit: Literal["source", "handle", "tries"]


class PinChanged(AuditEvent):
    """A member has a new PIN; every session has ended."""

    name = "pin.changed"

    by: Literal["code", "pin"]


class PinDisabledByMember(AuditEvent):
    """A member said that someone else had signed in: the PIN is disabled, every session has ended."""

    name = "pin.disabled"

    sessions: int
    browsers: int


class PinTooWeak(AuditEvent):
    """A new PIN was rejected as weak."""

    name = "pin.refused"

    reason: str


class MemberInvited(AuditEvent):
    """A member without a PIN gets a code that no one has asked for."""

    name = "member.invited"

    request_id: RequestId
    channel: Channel
