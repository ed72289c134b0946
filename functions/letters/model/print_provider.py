"""The interface to a print-and-post provider, and its results.

Both providers work in two phases. ``draft`` makes everything to be printed, and costs nothing; ``submit`` sends it,
guarded by the provider's own state. Only a recorded draft is submitted, so repeating a step before the record leaves
an unused draft at worst, and repeating one after it finds the draft already submitted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.job import JobState, LetterId, ProviderCode, ProviderName, ProviderReference, Upload
    from member_access.postal.address_block import AddressBlock
    from member_access.values.types import Instant


@dataclass(frozen=True, slots=True)
class NotWanted:
    """The letter is no longer useful, though it is not too late to post it."""

    code: ProviderCode


@dataclass(frozen=True, slots=True)
class Letter:
    """A page and its address.

    Attributes:
        pdf: typesets the page; called only if the file is needed, before the call to the provider.
        has_email: whether the member has an e-mail address that works, and could get a code without a letter.
    """

    letter_id: LetterId
    address: AddressBlock
    pdf: Callable[[], bytes] = field(repr=False)
    has_email: bool = False


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The file is at the provider; record it before making the letter from it."""

    upload: Upload


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft is complete; record it before submitting it."""

    reference: ProviderReference


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStatus:
    """The state of a letter at the provider.

    Attributes:
        letter_id: None if this deployment did not make the letter.
        state: our state for the provider's code, None if we do not know the code.
        code: the provider's code.
        created_at: when the draft was made, if the provider says so.
        lacks_credit: whether the provider waits until the account is topped up.
    """

    letter_id: LetterId | None
    state: JobState | None
    code: ProviderCode
    created_at: Instant | None = None
    lacks_credit: bool = False


@dataclass(frozen=True, slots=True)
class LetterEvent:
    """An authentic notification of a provider.

    Attributes:
        event_id: identifies a repeated event, if the provider gives one.
        state: the state that the notification vouches for, if it is signed.
    """

    reference: ProviderReference
    event_id: ProviderReference | None = None
    state: JobState | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has accepted the letter, now or at an earlier attempt."""

    status: LetterStatus


@dataclass(frozen=True, slots=True)
class Waiting:
    """The provider is still validating the draft, or gives a status that we do not know."""

    status: LetterStatus


@dataclass(frozen=True, slots=True)
class Deleted:
    """The draft is gone, or there is no such draft."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider rejects this letter, and would reject it again."""

    code: ProviderCode


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The provider did nothing.

    Attributes:
        seconds: the wait that it asks for, if any.
    """

    seconds: int | None
    reason: ProviderCode


@dataclass(frozen=True, slots=True)
class Unknown:
    """The provider may have done it: the next attempt begins by asking."""

    reason: ProviderCode


Failure = Rejected | RetryLater | Unknown


def failure_code(failure: Failure) -> ProviderCode:
    """The code of a failure."""
    return failure.code if isinstance(failure, Rejected) else failure.reason


@dataclass(frozen=True, slots=True)
class Draft:
    """One of our drafts at the provider."""

    reference: ProviderReference
    letter_id: LetterId
    created_at: Instant


class PrintProvider(Protocol):
    """A provider. No answer of a provider raises an error."""

    @property
    def name(self) -> ProviderName:
        """The provider's name."""

    def draft(self, letter: Letter, upload: Upload | None, now: Instant) -> Uploaded | Drafted | Failure:
        """Make a complete draft, or return ``Uploaded``, with which to call again.

        ``Rejected`` concerns this letter: its address or its page.
        """

    def submit(self, letter: Letter, reference: ProviderReference, now: Instant) -> Accepted | Waiting | Failure:
        """Read the draft's status, and submit it if it still is a draft and can be sent.

        ``Rejected`` concerns this letter, as the provider has read it.
        """

    def status(self, reference: ProviderReference, now: Instant) -> LetterStatus | Failure:
        """Read a letter's status."""

    def delete_draft(self, reference: ProviderReference, now: Instant) -> Deleted | Failure:
        """Delete a letter if it is a draft; never a submitted one."""

    def drafts(self, now: Instant) -> list[Draft] | Failure:
        """List this deployment's drafts of the last weeks."""
