"""What an operator's command asks of this function, as JSON, and what it answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from member_access.recovery.codes import Channel

MOST_MEMBERS = 40
"""In one call: an operator's command sees its progress, and a read has at most 100 items."""


class InvitationOutcome(StrEnum):
    """What became of one member."""

    EMAIL = "email"
    LETTER = "letter"
    INVITED = "invited"
    """The member has an invitation already."""
    CHANGED = "changed"
    """The member has set a PIN since the operator's command looked."""
    NO_ADDRESS = "no-address"
    """No address works on the way that was asked for."""
    OVER_BUDGET = "over-budget"
    """Today's share of invitations is used up."""
    TOO_SOON = "too-soon"
    """The member has had as many letters as a month allows."""
    UNDER_WAY = "under-way"
    """The member has asked for a letter, which is under way."""
    UNKNOWN = "unknown"
    """No member has the identifier."""


class ReturnOutcome(StrEnum):
    """What became of one address."""

    MARKED = "marked"
    MARKED_BEFORE = "marked-before"
    UNKNOWN = "unknown"


class RetryOutcome(StrEnum):
    """What became of one letter."""

    QUEUED = "queued"
    """It was still waiting: its message is in the queue again."""
    REQUESTED = "requested"
    """A new letter with a new code takes its place."""
    ADDRESS_RETURNED = "address-returned"
    SENT = "sent"
    """The print provider has it already."""
    TOO_SOON = "too-soon"
    UNDER_WAY = "under-way"
    """Another letter to the member is under way."""
    UNKNOWN = "unknown"


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeenMember(_Request):
    """A member without a PIN, as the operator's command saw it."""

    identifier: str
    credential_version: int


class InviteRequest(_Request):
    """Invite members; with none of them, only say what is left of today's shares."""

    action: Literal["invite"] = "invite"
    members: Annotated[tuple[SeenMember, ...], Field(max_length=MOST_MEMBERS)] = ()
    channel: Channel | None = None
    again: bool = False


class ReturnRequest(_Request):
    """Note that letters to members came back."""

    action: Literal["return"] = "return"
    identifiers: Annotated[tuple[str, ...], Field(max_length=MOST_MEMBERS)]


class RetryRequest(_Request):
    """Send a letter that was given up."""

    action: Literal["retry"] = "retry"
    letter_id: str


MailingRequest = Annotated[InviteRequest | ReturnRequest | RetryRequest, Field(discriminator="action")]
REQUEST: TypeAdapter[InviteRequest | ReturnRequest | RetryRequest] = TypeAdapter(MailingRequest)


class InviteAnswer(BaseModel):
    """The outcome by identifier, and what is left of today's shares by channel."""

    outcomes: dict[str, InvitationOutcome]
    left: dict[Channel, int]


class ReturnAnswer(BaseModel):
    """The outcome by identifier."""

    outcomes: dict[str, ReturnOutcome]


class RetryAnswer(BaseModel):
    """The outcome, and the letter that is on its way now, if one is."""

    outcome: RetryOutcome
    letter_id: str | None = None
