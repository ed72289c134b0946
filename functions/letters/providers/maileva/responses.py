"""Maileva's responses, and the meaning of its statuses."""

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
    # Not in the specification, but seen by another client.
    "PREPARING": JobState.SUBMITTED,
    REJECTED: JobState.REJECTED,
}


class CreatedResponse(LenientResponse):
    """A new sending."""

    id: ReferenceField


class SendingResponse(LenientResponse):
    """A sending."""

    id: ReferenceField
    status: str
    custom_id: str | None = None
    custom_data: str | None = None
    creation_date: InstantField = None


class RecipientResponse(LenientResponse):
    """A recipient of a sending."""

    status: str
    last_delivery_status: str | None = None
    undelivered_mail_date: str | None = None


class RecipientsResponse(LenientResponse):
    """The recipients of a sending."""

    recipients: list[RecipientResponse]


class PagingResponse(LenientResponse):
    """The address of a list's next page."""

    next: str | None = None


class SendingsResponse(LenientResponse):
    """A page of sendings."""

    sendings: list[SendingResponse]
    paging: PagingResponse = Field(default_factory=PagingResponse)


def letter_id_of(sending: SendingResponse, owner: str) -> LetterId | None:
    """The letter of a sending, or None if others on the same account made it."""
    if sending.custom_data != owner or sending.custom_id is None:
        return None
    try:
        return LetterId.parse(sending.custom_id)
    except InvalidValue:
        return None


def letter_status(sending: SendingResponse, recipients: Sequence[RecipientResponse], owner: str) -> LetterStatus:
    """A letter's status, from its sending and, once that is processed, from its one recipient."""
    state, code = _STATES.get(sending.status), sending.status
    if sending.status in PROCESSED:
        state, code = _processed(recipients)
    return LetterStatus(
        letter_id=letter_id_of(sending, owner),
        state=state,
        code=ProviderCode.clean(code),
        created_at=sending.creation_date,
    )


def _processed(recipients: Sequence[RecipientResponse]) -> tuple[JobState | None, str]:
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
