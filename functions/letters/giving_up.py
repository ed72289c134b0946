"""Gives letters up that the provider does not have yet, once it is certain that it has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.model.job import JobState, LeaseHolder, ProviderCode, ProviderReference
from letters.model.observer import Attention
from letters.model.print_provider import Deleted, LetterStatus, failure_code
from letters.status_updates import apply_status

if TYPE_CHECKING:
    from letters.model.job import LetterJob
    from letters.model.job_store import LetterJobs
    from letters.model.observer import LetterObserver
    from letters.model.print_provider import PrintProvider
    from member_access.values.types import Instant


@dataclass(frozen=True, slots=True)
class Finished:
    """The message is done with; ``state`` is None if there is no such job."""

    state: JobState | None


@dataclass(frozen=True, slots=True)
class Postponed:
    """The message must be delivered again in 30 to 900 seconds."""

    seconds: int
    reason: ProviderCode


@dataclass(frozen=True, slots=True)
class Suspended:
    """The message can do no more: the daily sweep asks again, and an operator has been alerted."""

    reason: ProviderCode


SendResult = Finished | Postponed | Suspended


@dataclass(frozen=True, slots=True)
class GivingUp:
    """Rejects letters on our side; the caller holds the lease of the job."""

    jobs: LetterJobs
    provider: PrintProvider
    observer: LetterObserver

    def give_up(self, job: LetterJob, code: ProviderCode, holder: LeaseHolder, now: Instant) -> SendResult:
        """Reject a letter that is no longer useful, once it is certain that it was not sent.

        Raises:
            LeaseLost: the caller does not hold the lease.
            Unavailable: the store did not answer.
        """
        if job.reference is None:
            return self.reject(job, code, holder, now)
        status = self.provider.status(job.reference, now)
        if isinstance(status, LetterStatus) and status.state is JobState.DRAFTED:
            done = self.reject(job, code, holder, now)
            self.delete(job.reference, now)
            return done
        if isinstance(status, LetterStatus) and status.state is not None:
            return Finished(apply_status(self.jobs, self.observer, job, status, now))
        self.observer.needs_attention(job, Attention.STUCK)
        return Suspended(code)

    def reject(self, job: LetterJob, code: ProviderCode, holder: LeaseHolder, now: Instant) -> Finished:
        """Reject a letter.

        Raises:
            LeaseLost: the caller does not hold the lease.
            Unavailable: the store did not answer.
        """
        self.observer.will_change(job, JobState.REJECTED, code)
        self.jobs.record_rejection(job.letter_id, holder, code, now)
        return Finished(JobState.REJECTED)

    def delete(self, reference: ProviderReference, now: Instant) -> None:
        """Delete the draft at once; if that fails, the sweep does it."""
        result = self.provider.delete_draft(reference, now)
        if not isinstance(result, Deleted):
            self.observer.log("the draft of a rejected letter remains", letter_id=None, code=failure_code(result))
