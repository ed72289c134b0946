"""A letter job: where a letter stands between the request and the letter-box, and what may follow.

requested → drafted → submitted → posted | rejected | undelivered. Every state has a rank and a job only ever climbs,
so a late, repeated or overtaken message of the provider changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, NewType, Self

from member_access.errors import InvalidValue
from member_access.recovery.codes import RequestId

if TYPE_CHECKING:
    from member_access.members.pseudonyms import Pseudonym
    from member_access.values.types import Identifier, Instant


class LetterId(str):
    """The request that a letter answers; at most 32 characters, as Maileva takes no more for a recipient."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[0-9A-Za-z_-]{16,32}", re.ASCII)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take an identifier of our own making.

        Raises:
            InvalidValue: it has another form.
        """
        if not cls._form.fullmatch(text):
            raise InvalidValue("a letter's identifier is 16 to 32 letters, digits, hyphens or underscores")
        return cls(text)

    @property
    def request_id(self) -> RequestId:
        """The request, as the rest of the system names it."""
        return RequestId(self)


class ProviderReference(str):
    """The provider's identifier of a letter. It becomes part of an address, so its characters are checked."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take an identifier that the provider gave.

        Raises:
            InvalidValue: it could not stand in an address as it is.
        """
        if not cls._form.fullmatch(text):
            raise InvalidValue("a provider's reference is letters, digits, hyphens or underscores")
        return cls(text)


class ProviderCode(str):
    """A status or an error code in the provider's words: never free text, which could repeat an address."""

    __slots__ = ()
    UNREADABLE: ClassVar = "unreadable"
    _form: ClassVar = re.compile(r"[0-9A-Za-z_./:-]{1,100}", re.ASCII)

    @classmethod
    def clean(cls, text: str) -> Self:
        """Keep a word that looks like a code; anything else becomes ``unreadable``."""
        return cls(text if cls._form.fullmatch(text) else cls.UNREADABLE)


CODE_VOID = ProviderCode("code-void")
NO_MEMBER = ProviderCode("no-member")


LeaseHolder = NewType("LeaseHolder", str)
"""Whoever walks a job right now; another text for every delivery of a message."""


class ProviderName(StrEnum):
    """The print-and-post providers."""

    MAILEVA = "maileva"
    PINGEN = "pingen"


class JobState(StrEnum):
    """Where a letter stands."""

    REQUESTED = "requested"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    POSTED = "posted"
    UNDELIVERED = "undelivered"

    @property
    def rank(self) -> int:
        """A job moves to a state of a higher rank only.

        ``posted`` outranks ``rejected``: paper in the post is a fact, also where somebody repaired the letter at
        the provider's desk. ``undelivered`` comes last, for only a posted letter comes back.
        """
        return _RANKS[self]

    @property
    def is_open(self) -> bool:
        """Whether it is still ours to make the letter go."""
        return self.rank < JobState.SUBMITTED.rank


# Declared in the order of their ranks.
_RANKS = {state: rank for rank, state in enumerate(JobState)}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that lies at the provider and belongs to no letter yet (Pingen).

    Attributes:
        url: where it lies; of no use for reading.
        signature: the provider's proof that the address is its own.
        expires_at: from when on it is not used any more.
    """

    url: str = field(repr=False)
    signature: str = field(repr=False)
    expires_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterJob:
    """One letter.

    Attributes:
        identifier: the member it is for.
        subject: stands for the identifier.
        changed_at: when the state last changed.
        code_expires_at: until when its code works.
        post_by: after this instant it is not worth posting, because its code expires too soon.
        attempts: how often a walk was begun.
        next_attempt_at: when its message comes back; None where nothing is known of one.
        has_place: whether it has a place in the budget of a day, which it keeps.
        provider: who has the upload or the draft; None before there is one.
        reference: the draft that will be, or was, submitted. It is written once.
        upload: a file waiting for its letter.
        code: the provider's word about the state, or our reason for a rejection.
        unknown_status: the latest word of the provider that we do not know.
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
    has_place: bool = False
    provider: ProviderName | None = None
    reference: ProviderReference | None = None
    upload: Upload | None = None
    code: ProviderCode | None = None
    unknown_status: ProviderCode | None = None

    def upload_at(self, provider: ProviderName) -> Upload | None:
        """The file that waits at this provider."""
        return self.upload if self.provider is provider else None


SHORTEST_DELAY_SECONDS = 30
LONGEST_DELAY_SECONDS = 900
"""As long as a queue delays a message (SQS ``DelaySeconds``)."""


def delay_after(attempts: int) -> int:
    """Seconds until the next attempt where the provider named no time: 30, doubling up to 15 minutes."""
    doublings = min(max(attempts - 1, 0), 5)
    return min(SHORTEST_DELAY_SECONDS << doublings, LONGEST_DELAY_SECONDS)


VALIDATION_SECONDS = 3600
"""How long a provider may look at a draft before we give the letter up."""
_LONGEST_LOOK_SECONDS = 300


def delay_while_drafted(job: LetterJob, now: Instant) -> int:
    """Seconds until the next look at a draft: 30, and a quarter of the draft's age once that is longer; at most 300."""
    return min(max(SHORTEST_DELAY_SECONDS, (now - job.changed_at) // 4), _LONGEST_LOOK_SECONDS)


def validation_is_overdue(job: LetterJob, now: Instant) -> bool:
    """Whether the provider has been looking at the draft for longer than an hour."""
    return job.state is JobState.DRAFTED and now - job.changed_at >= VALIDATION_SECONDS
