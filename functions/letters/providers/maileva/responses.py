"""What Maileva replies, and what its statuses mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from letters.model.job import JobState, LetterId, ProviderCode
from letters.model.print_provider import LetterStatus
from letters.providers.responses import InstantField, LenientResponse, ReferenceField
from member_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAFT = "DRAFT"
PENDING = "PENDING"
PROCESSED = frozenset({"PROCESSED", "PROCESSED_WITH_ERRORS"})
REJECTED = "REJECTED"
UNDELIVERED = "N10"
"""The delivery status of a letter that came back ("pli non distribuable"), the only one of ordinary mail."""

_STATES = {
    DRAFT: JobState.DRAFTED,
    PENDING: JobState.SUBMITTED,
    "ACCEPTED": JobState.SUBMITTED,
    # Not in the specification; a client in use has seen it.
    "PREPARING": JobState.SUBMITTED,
    REJECTED: JobState.REJECTED,
}


class CreatedReply(LenientResponse):
    """A new sending."""

    id: ReferenceField


class SendingReply(LenientResponse):
    """A sending."""

    id: ReferenceField
    status: str
    custom_id: str | None = None
    custom_data: str | None = None
    creation_date: InstantField = None


class RecipientReply(LenientResponse):
    """A recipient of a sending."""

    status: str
    last_delivery_status: str | None = None
    undelivered_mail_date: str | None = None


class RecipientsReply(LenientResponse):
    """The recipients of a sending."""

    recipients: list[RecipientReply]


class PagingReply(LenientResponse):
    """Where a list goes on."""

    next: str | None = None


class SendingsReply(LenientResponse):
    """A page of sendings."""

    sendings: list[SendingReply]
    paging: PagingReply = Field(default_factory=PagingReply)


def letter_id_of(sending: SendingReply, owner: str) -> LetterId | None:
    """Which letter a sending is, or None for one that others made on the same account."""
    if sending.custom_data != owner or sending.custom_id is None:
        return None
    try:
        return LetterId.parse(sending.custom_id)
    except InvalidValue:
        return None


def letter_status(sending: SendingReply, recipients: Sequence[RecipientReply], owner: str) -> LetterStatus:
    """How a letter stands, by its sending and, once that is processed, by its one recipient."""
    state, word = _STATES.get(sending.status), sending.status
    if sending.status in PROCESSED:
        state, word = _processed(recipients)
    return LetterStatus(
        letter_id=letter_id_of(sending, owner),
        state=state,
        word=ProviderCode.clean(word),
        created_at=sending.creation_date,
    )


def _processed(recipients: Sequence[RecipientReply]) -> tuple[JobState | None, str]:
    for recipient in recipients:
        if recipient.undelivered_mail_date or recipient.last_delivery_status == UNDELIVERED:
            return JobState.UNDELIVERED, UNDELIVERED
        match recipient.status:
            case "PROCESSED":
                return JobState.POSTED, recipient.status
            case "REJECTED":
                return JobState.REJECTED, recipient.status
            case "PENDING":
                return JobState.SUBMITTED, recipient.status
            case other:
                return None, other
    return None, "no-recipient"
