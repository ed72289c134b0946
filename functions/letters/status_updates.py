"""What a provider reports about a letter, taken into its job.

An event may come before our own write: before the submission is recorded (its reply was lost), or before anything is
known of the job. The first moves the job at once, for ranks decide and not the order. The second is answered so that
the provider sends the event again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from letters.model.print_provider import LetterStatus, failure_word

if TYPE_CHECKING:
    from letters.model.job import JobState, LetterId, LetterJob, ProviderCode, ProviderReference
    from letters.model.job_store import LetterJobs
    from letters.model.print_provider import PrintProvider
    from member_access.values.types import Instant

_YOUNG_SECONDS = 3600
"""How long a letter may be at the provider before our own write about it; the providers repeat an event for longer."""


class Attention(Enum):
    """What an operator must look at; the words of alarms and run book."""

    NO_CREDIT = "no-credit"
    OVER_BUDGET = "over-budget"
    STUCK = "stuck"
    UNKNOWN_STATUS = "unknown-status"


class LetterObserver(Protocol):
    """Is told what becomes of letters: for the audit, the member's record and the alarms."""

    def will_change(self, job: LetterJob, state: JobState, code: ProviderCode) -> None:
        """The job is about to move to this state.

        It is told before the write: it may be told twice, or of a move that another delivery overtakes, never not.
        """

    def needs_attention(self, letter_id: LetterId, attention: Attention) -> None:
        """Somebody must look at this letter; told at every look at it for as long as that is so."""

    def notes(self, what: str, *, letter_id: LetterId | None, word: ProviderCode | None = None) -> None:
        """Something for the log, in words that hold no value; ``word`` is the provider's, or our reason."""


@dataclass(frozen=True, slots=True)
class LetterEvent:
    """What a notification of a provider says, once it is known to be the provider's.

    Attributes:
        event_id: for recognising a repetition, where the provider gives one.
        state: what the notification itself vouches for, if it is signed.
    """

    reference: ProviderReference
    event_id: ProviderReference | None = None
    state: JobState | None = None


class EventAnswer(Enum):
    """What the provider is told."""

    TAKEN = auto()
    SEND_AGAIN = auto()


def apply_status(
    jobs: LetterJobs, observer: LetterObserver, job: LetterJob, status: LetterStatus, now: Instant
) -> JobState:
    """Move a job to what its provider says, if that is further than where it stands; returns where it stands then."""
    if status.state is None:
        jobs.keep_unknown_status(job.letter_id, status.word)
        observer.notes("the status of a letter is not known here", letter_id=job.letter_id, word=status.word)
        observer.needs_attention(job.letter_id, Attention.UNKNOWN_STATUS)
    if status.lacks_credit:
        observer.needs_attention(job.letter_id, Attention.NO_CREDIT)
    if status.state is None or status.state.rank <= job.state.rank:
        return job.state
    observer.will_change(job, status.state, status.word)
    jobs.advance(job.letter_id, status.state, status.word, now)
    return status.state


def take_event(
    event: LetterEvent,
    *,
    jobs: LetterJobs,
    provider: PrintProvider,
    observer: LetterObserver,
    now: Instant,
) -> EventAnswer:
    """Take an authentic event into the job that it is about.

    Raises:
        Unavailable: the store did not answer; the provider must be told to send the event again.
    """
    if event.event_id is not None and jobs.event_was_taken(provider.name, event.event_id):
        return EventAnswer.TAKEN
    status = provider.status(event.reference, now)
    if not isinstance(status, LetterStatus):
        observer.notes("a letter could not be asked after", letter_id=None, word=failure_word(status))
        return EventAnswer.SEND_AGAIN
    if status.letter_id is None:
        return EventAnswer.TAKEN
    job = jobs.get(status.letter_id)
    if job is None or job.reference is None:
        is_young = status.created_at is not None and now - status.created_at < _YOUNG_SECONDS
        observer.notes("an event about a letter that is not known here", letter_id=status.letter_id)
        return EventAnswer.SEND_AGAIN if is_young else EventAnswer.TAKEN
    if job.reference == event.reference:
        apply_status(jobs, observer, job, _further(status, event.state), now)
    if event.event_id is not None:
        jobs.remember_event(provider.name, event.event_id, now)
    return EventAnswer.TAKEN


def _further(status: LetterStatus, vouched: JobState | None) -> LetterStatus:
    """The status, or what a signed event vouches for where that is further: what is read may lag behind."""
    if vouched is None or (status.state is not None and status.state.rank >= vouched.rank):
        return status
    return LetterStatus(letter_id=status.letter_id, state=vouched, word=status.word)
