"""The events of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.audit import AuditEvent

if TYPE_CHECKING:
    from member_access.recovery.codes import RequestId


class LetterSubmitted(AuditEvent):
    """A print provider has accepted a letter."""

    name = "letter.submitted"

    request_id: RequestId


class LetterPosted(AuditEvent):
    """A letter is in the post."""

    name = "letter.posted"

    request_id: RequestId


class LetterRejected(AuditEvent):
    """A letter will not be posted; ``reason`` is the provider's code, or one of this project."""

    name = "letter.rejected"

    request_id: RequestId
    reason: str


class LetterUndelivered(AuditEvent):
    """A letter came back."""

    name = "letter.undelivered"

    request_id: RequestId


class AddressReturned(AuditEvent):
    """A postal address is marked: no letter goes there until an import changes it."""

    name = "address.returned"
