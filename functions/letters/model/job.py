"""A letter job: the state of a letter between the request and the letter-box.

requested → drafted → submitted → posted | rejected | undelivered. Every state has a rank and a job only moves to
higher ones, so a late, repeated or overtaken message of the provider changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, NewType, Self

from member_access.errors import InvalidValue
from member_access.recovery.codes import Purpose, RequestId

if TYPE_CHECKING:
    from member_access.members.pseudonyms import Pseudonym
    from member_access.values.types import Identifier, Instant


class LetterId(str):
    """Identifies a letter by its request; at most 32 characters, Maileva's limit for a recipient."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[0-9A-Za-z_-]{16,32}", re.ASCII)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse one of our own identifiers.

        Raises:
            InvalidValue: it has another format.
        """
        if not cls._form.fullmatch(text):
            raise InvalidValue("a letter's identifier is 16 to 32 letters, digits, hyphens or underscores")
        return cls(text)

    @property
    def request_id(self) -> RequestId:
        """The identifier of the request."""
        return RequestId(self)


class ProviderReference(str):
    """The provider's identifier of a letter. It becomes part of a URL, so its characters are checked."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse an identifier from the provider.

        Raises:
            InvalidValue: it would not be safe in a URL.
        """
        if not cls._form.fullmatch(text):
            raise InvalidValue("a provider's reference is letters, digits, hyphens or underscores")
        return cls(text)


class ProviderCode(str):
    """The provider's code for a status or an error: never free text, which could repeat an address."""

    __slots__ = ()
    UNREADABLE: ClassVar = "unreadable"
    _form: ClassVar = re.compile(r"[0-9A-Za-z_./:-]{1,100}", re.ASCII)

    @classmethod
    def clean(cls, text: str) -> Self:
        """Keep a text that looks like a code; turn anything else into ``unreadable``."""
        return cls(text if cls._form.fullmatch(text) else cls.UNREADABLE)


CODE_VOID = ProviderCode("code-void")
NO_MEMBER = ProviderCode("no-member")
ADDRESS_RETURNED = ProviderCode("address-returned")
"""An earlier letter to this address came back."""
CANCELLED = ProviderCode("cancelled")
"""An operator cancelled the letter before it was submitted."""


LeaseHolder = NewType("LeaseHolder", str)
"""Identifies the delivery that works on a job; a different text for every delivery of a message."""


class ProviderName(StrEnum):
    """The print-and-post providers."""

    MAILEVA = "maileva"
    PINGEN = "pingen"


class JobState(StrEnum):
    """The state of a letter."""

    REQUESTED = "requested"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    POSTED = "posted"
    UNDELIVERED = "undelivered"

    @property
    def rank(self) -> int:
        """The rank of the state; a job only moves to a higher one.

        ``posted`` outranks ``rejected``: the provider's staff may repair a rejected letter and post it.
        ``undelivered`` comes last, because only a posted letter comes back.
        """
        return _RANKS[self]

    @property
    def is_open(self) -> bool:
        """Whether the letter is not submitted yet and may still be."""
        return self.rank < JobState.SUBMITTED.rank


# The states are declared in the order of their ranks.
_RANKS = {state: rank for rank, state in enumerate(JobState)}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file at the provider that belongs to no letter yet (Pingen).

    Attributes:
        url: the address of the file; does not allow reading it.
        signature: proves to the provider that the address is its own.
        expires_at: when to stop using it.
    """

    url: str = field(repr=False)
    signature: str = field(repr=False)
    expires_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterJob:
    """One letter.

    Attributes:
        identifier: the member's.
        subject: the pseudonym of the identifier.
        changed_at: when the state last changed.
        code_expires_at: when its code stops working.
        post_by: the latest time worth posting it; after that its code would expire too soon.
        attempts: the number of deliveries that have leased it.
        next_attempt_at: when its message comes back, if known.
        has_email: whether it last waited for the quota as a letter to a member with an e-mail address.
        has_reservation: whether it has reserved one letter of a day's quota; it keeps the reservation.
        provider: has the upload or the draft, if there is one.
        reference: the draft that will be, or was, submitted. It is written once.
        upload: a file waiting for its letter.
        code: the provider's code for the state, or our reason for a rejection.
        unknown_status: the provider's latest code that we do not know.
        is_invitation: whether it invites a member who has no PIN yet.
        purpose: of its code.
        address_mark: stands for the address on the draft (``AddressBlock.mark``); None before there is one.
    """

    letter_id: LetterId
    identifier: Identifier
    subject: Pseudonym
    state: JobState
    requested_at: Instant
    changed_at: Instant
    code_expires_at: Instant
    post_by: Instant
    attempts: int = 0
    next_attempt_at: Instant | None = None
    has_email: bool = False
    has_reservation: bool = False
    provider: ProviderName | None = None
    reference: ProviderReference | None = None
    upload: Upload | None = None
    code: ProviderCode | None = None
    unknown_status: ProviderCode | None = None
    is_invitation: bool = False
    purpose: Purpose = Purpose.RESET
    address_mark: str | None = None

    def upload_at(self, provider: ProviderName) -> Upload | None:
        """The file that waits at this provider, if any."""
        return self.upload if self.provider is provider else None


MIN_DELAY_SECONDS = 30
MAX_DELAY_SECONDS = 900
"""The longest delay of a message in a queue (SQS ``DelaySeconds``)."""


def delay_after(attempts: int) -> int:
    """Seconds until the next attempt if the provider named no time: 30, doubling up to 15 minutes."""
    doublings = min(max(attempts - 1, 0), 5)
    return min(MIN_DELAY_SECONDS << doublings, MAX_DELAY_SECONDS)


VALIDATION_SECONDS = 3600
"""The longest validation of a draft; after that we give up the letter."""
_MAX_LOOK_SECONDS = 300


def delay_while_drafted(job: LetterJob, now: Instant) -> int:
    """Seconds until the next look at a draft: a quarter of its age, at least 30 and at most 300."""
    return min(max(MIN_DELAY_SECONDS, (now - job.changed_at) // 4), _MAX_LOOK_SECONDS)


def validation_is_overdue(job: LetterJob, now: Instant) -> bool:
    """Whether the provider has been validating the draft for more than an hour."""
    return job.state is JobState.DRAFTED and now - job.changed_at >= VALIDATION_SECONDS
