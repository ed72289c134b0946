"""Takes a provider's reports about letters into their jobs.

An event may come before our own write. If the submission is not recorded yet (its response was lost), the event moves
the job at once, because ranks decide and not the order. If the job itself is not known yet, the provider must send
the event again.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from letters.model.observer import Attention
from letters.model.print_provider import LetterStatus, failure_code

if TYPE_CHECKING:
    from letters.model.job import JobState, LetterJob
    from letters.model.job_store import LetterJobs
    from letters.model.observer import LetterObserver
    from letters.model.print_provider import LetterEvent, PrintProvider
    from member_access.values.types import Instant

_YOUNG_SECONDS = 3600
"""Our own write comes at most this long after the provider has the letter; providers repeat an event for longer."""


class EventAnswer(Enum):
    """Our answer to the provider."""

    TAKEN = auto()
    SEND_AGAIN = auto()


def apply_status(
    jobs: LetterJobs, observer: LetterObserver, job: LetterJob, status: LetterStatus, now: Instant
) -> JobState:
    """Move a job to its provider's state if that ranks higher; return the job's state."""
    if status.state is None:
        jobs.keep_unknown_status(job.letter_id, status.code)
        observer.log("the provider reported an unknown status", letter_id=job.letter_id, code=status.code)
        observer.needs_attention(job, Attention.UNKNOWN_STATUS)
    if status.lacks_credit:
        observer.needs_attention(job, Attention.NO_CREDIT)
    if status.state is None or status.state.rank <= job.state.rank:
        return job.state
    observer.will_change(job, status.state, status.code)
    jobs.advance(job.letter_id, status.state, status.code, now)
    return status.state


def take_event(
    event: LetterEvent,
    *,
    jobs: LetterJobs,
    provider: PrintProvider,
    observer: LetterObserver,
    now: Instant,
) -> EventAnswer:
    """Take an authentic event into its job.

    Raises:
        Unavailable: the store did not answer; the provider must send the event again.
    """
    if event.event_id is not None and jobs.event_was_taken(provider.name, event.event_id):
        return EventAnswer.TAKEN
    status = provider.status(event.reference, now)
    if not isinstance(status, LetterStatus):
        observer.log("the provider did not give a letter's status", letter_id=None, code=failure_code(status))
        return EventAnswer.SEND_AGAIN
    if status.letter_id is None:
        return EventAnswer.TAKEN
    job = jobs.get(status.letter_id)
    if job is None or job.reference is None:
        is_young = status.created_at is not None and now - status.created_at < _YOUNG_SECONDS
        observer.log("an event names an unknown letter", letter_id=status.letter_id)
        return EventAnswer.SEND_AGAIN if is_young else EventAnswer.TAKEN
    if job.reference == event.reference:
        apply_status(jobs, observer, job, _further(status, event.state), now)
    if event.event_id is not None:
        jobs.remember_event(provider.name, event.event_id, now)
    return EventAnswer.TAKEN


def _further(status: LetterStatus, vouched: JobState | None) -> LetterStatus:
    """The status that was read or the state that a signed event vouches for: what ranks higher, as reads may lag."""
    if vouched is None or (status.state is not None and status.state.rank >= vouched.rank):
        return status
    return LetterStatus(letter_id=status.letter_id, state=vouched, code=status.code)
