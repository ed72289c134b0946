"""The small interface to a print-and-post provider, and the results that it speaks in.

Both providers work in two phases. ``draft`` makes everything that will be printed, and costs nothing; ``submit``
sends it, guarded by the provider's own state. A draft that nobody recorded is never submitted, so whatever is
repeated before the draft is recorded leaves rubbish at worst, and whatever is repeated after it meets a draft that
has been submitted already.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.address_block import AddressBlock
    from letters.model.job import JobState, LetterId, ProviderCode, ProviderName, ProviderReference, Upload
    from member_access.values.types import Instant


@dataclass(frozen=True, slots=True)
class NotWanted:
    """Why a letter is of no use any more, though its time is not over."""

    code: ProviderCode


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed and where it goes.

    Attributes:
        pdf: typesets the page. It is called only where the file is needed, and before anything is asked of the
            provider; what it raises leaves the walk as it is.
    """

    letter_id: LetterId
    address: AddressBlock
    pdf: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The file lies at the provider: to be kept before the letter is made of it."""

    upload: Upload


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft is complete: to be kept before it is submitted."""

    reference: ProviderReference


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStatus:
    """What the provider says of a letter.

    Attributes:
        letter_id: None for a letter that is not of this deployment's making.
        state: the provider's word in our states, None where we do not know it.
        word: the provider's word.
        created_at: when the draft was made, where the provider says so.
        lacks_credit: the provider waits for the account to be topped up.
    """

    letter_id: LetterId | None
    state: JobState | None
    word: ProviderCode
    created_at: Instant | None = None
    lacks_credit: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the letter on, now or at an earlier attempt."""

    status: LetterStatus


@dataclass(frozen=True, slots=True)
class Waiting:
    """The provider is still looking at the draft, or says something that we do not know."""

    status: LetterStatus


@dataclass(frozen=True, slots=True)
class Deleted:
    """The draft is gone, or there is no such draft."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider refuses this letter, and would refuse it again."""

    code: ProviderCode


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The provider did nothing.

    Attributes:
        seconds: the wait that it asks for, or None.
    """

    seconds: int | None
    reason: ProviderCode


@dataclass(frozen=True, slots=True)
class Unknown:
    """Whether the provider did it is not known: the next attempt begins with a question."""

    reason: ProviderCode


Failure = Rejected | RetryLater | Unknown


def failure_word(failure: Failure) -> ProviderCode:
    """Why, in one word."""
    return failure.code if isinstance(failure, Rejected) else failure.reason


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of ours at the provider."""

    reference: ProviderReference
    letter_id: LetterId
    created_at: Instant


class PrintProvider(Protocol):
    """What the walk and the sweep ask of a provider. Nothing is raised for what a provider may answer."""

    @property
    def name(self) -> ProviderName:
        """Which provider this is."""

    def draft(self, letter: Letter, upload: Upload | None, now: Instant) -> Uploaded | Drafted | Failure:
        """Make a complete draft, or do what comes before it: ``Uploaded`` asks to be called again with it.

        ``Rejected`` is about this letter: its address or its page.
        """

    def submit(self, letter: Letter, reference: ProviderReference, now: Instant) -> Accepted | Waiting | Failure:
        """Ask how the draft stands, and submit it if it still is a draft and is fit to be sent.

        ``Rejected`` is about this letter, as the provider has read it.
        """

    def status(self, reference: ProviderReference, now: Instant) -> LetterStatus | Failure:
        """Ask how a letter stands."""

    def delete_draft(self, reference: ProviderReference, now: Instant) -> Deleted | Failure:
        """Delete a letter if it is a draft; one that was submitted is left alone."""

    def drafts(self, now: Instant) -> list[Draft] | Failure:
        """The drafts that this deployment has made, of the last weeks at least."""
