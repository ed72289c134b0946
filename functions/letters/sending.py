"""Sends a letter to the provider once, even if several deliveries of its message try.

Each step is recorded before the next one, and the provider is asked before a step is repeated. The lease keeps two
deliveries apart. Should it fail, still only one draft is recorded, only a recorded draft is submitted, and the
provider submits a draft once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from letters.giving_up import Finished, GivingUp, Postponed, SendResult, Suspended
from letters.model.job import (
    MAX_DELAY_SECONDS,
    MIN_DELAY_SECONDS,
    LeaseHolder,
    LetterId,
    LetterJob,
    ProviderCode,
    ProviderReference,
    delay_after,
    delay_while_drafted,
    validation_is_overdue,
)
from letters.model.job_store import Held, Leased, LeaseLost, LetterJobs, NoJob, Settled
from letters.model.observer import Attention, LetterObserver
from letters.model.print_provider import (
    Accepted,
    Drafted,
    Failure,
    Letter,
    LetterStatus,
    NotWanted,
    PrintProvider,
    Rejected,
    RetryLater,
    Unknown,
    Uploaded,
    Waiting,
)
from letters.status_updates import apply_status
from member_access.errors import MemberAccessError
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable


class WrongProvider(MemberAccessError):
    """Another provider has the draft; only that one knows what became of it."""


TOO_LATE = ProviderCode("too-late")
NOT_VALIDATED = ProviderCode("not-validated")
OVER_QUOTA = ProviderCode("over-budget")
_STUCK_ATTEMPTS = 8
_STUCK_SECONDS = 3600
"""After this many attempts over this long, waiting does not help any more."""


class ReserveQuota(Protocol):
    """Reserves one letter of the daily quota."""

    def __call__(self, job: LetterJob, now: Instant, *, has_email: bool) -> bool:
        """Reserve one for a member with or without an e-mail address; return whether the job has one now."""


@dataclass(frozen=True, slots=True)
class LetterSender:
    """Sends the letters of jobs.

    Attributes:
        letter_for: returns the letter of a job: its address, and its page yet to be typeset.
        reserve_quota: reserves one letter of the daily quota before the first call to the provider.
        lease_seconds: longer than a delivery can last (the function's timeout), shorter than the queue's
            visibility timeout.
    """

    jobs: LetterJobs
    provider: PrintProvider
    letter_for: Callable[[LetterJob], Letter | NotWanted]
    reserve_quota: ReserveQuota
    observer: LetterObserver
    lease_seconds: int

    @property
    def giving_up(self) -> GivingUp:
        """Rejects letters on our side."""
        return GivingUp(self.jobs, self.provider, self.observer)

    def send(self, letter_id: LetterId, holder: LeaseHolder, now: Instant) -> SendResult:
        """Take one letter as far as it goes now.

        Args:
            letter_id: names the job.
            holder: a different text for every delivery.
            now: the time of this delivery.

        Raises:
            WrongProvider: another provider has the draft.
            Unavailable: the store did not answer.
            Exception: typesetting the page failed; the lease is returned, and after repeated failures the message
                ends in the dead-letter queue.
        """
        match self.jobs.claim(letter_id, holder, until=Instant(now + self.lease_seconds), now=now):
            case Leased(job):
                pass
            case Held(until):
                return _postpone(until - now, ProviderCode("held"))
            case Settled(state):
                return Finished(state)
            case NoJob():
                return Finished(None)
        try:
            result = self._advance(job, holder, now)
        except LeaseLost:
            return _postpone(MIN_DELAY_SECONDS, ProviderCode("lease-lost"))
        except Exception:
            self.jobs.release(letter_id, holder, None)
            raise
        match result:
            case Postponed(seconds):
                self.jobs.release(letter_id, holder, Instant(now + seconds))
            case Suspended():
                self.jobs.release(letter_id, holder, None)
        return result

    def _advance(self, job: LetterJob, holder: LeaseHolder, now: Instant) -> SendResult:
        if job.reference is not None and job.provider is not self.provider.name:
            raise WrongProvider(f"letter {job.letter_id} is drafted with {job.provider}: configure that provider")
        if now >= job.post_by:
            return self.giving_up.give_up(job, TOO_LATE, holder, now)
        letter = self.letter_for(job)
        if isinstance(letter, NotWanted):
            return self.giving_up.give_up(job, letter.code, holder, now)
        reference = job.reference
        if reference is None:
            if not self.reserve_quota(job, now, has_email=letter.has_email):
                return self._wait_for_quota(job, holder, has_email=letter.has_email)
            drafted = self._draft(job, letter, holder, now)
            if not isinstance(drafted, Drafted):
                return self._handle_failure(job, drafted, holder, now)
            reference = drafted.reference
        return self._submit(job, letter, reference, holder, now)

    def _wait_for_quota(self, job: LetterJob, holder: LeaseHolder, *, has_email: bool) -> Suspended:
        if not job.is_invitation:
            self.observer.needs_attention(job, Attention.OVER_SHARE if has_email else Attention.OVER_QUOTA)
        if job.has_email is not has_email:
            self.jobs.record_wait(job.letter_id, holder, has_email=has_email)
        return Suspended(OVER_QUOTA)

    def _draft(self, job: LetterJob, letter: Letter, holder: LeaseHolder, now: Instant) -> Drafted | Failure:
        """Make and record the draft."""
        result = self.provider.draft(letter, job.upload_at(self.provider.name), now)
        if isinstance(result, Uploaded):
            self.jobs.record_upload(job.letter_id, holder, self.provider.name, result.upload)
            result = self.provider.draft(letter, result.upload, now)
        if isinstance(result, Uploaded):
            return RetryLater(None, ProviderCode("upload-expired-at-once"))
        if isinstance(result, Drafted):
            mark = letter.address.mark
            self.jobs.record_draft(job.letter_id, holder, self.provider.name, result.reference, now, address_mark=mark)
        return result

    def _submit(
        self, job: LetterJob, letter: Letter, reference: ProviderReference, holder: LeaseHolder, now: Instant
    ) -> SendResult:
        result = self.provider.submit(letter, reference, now)
        match result:
            case Accepted(status):
                return Finished(apply_status(self.jobs, self.observer, job, status, now))
            case Waiting(status):
                return self._wait(job, reference, status, holder, now)
            case Rejected():
                done = self._handle_failure(job, result, holder, now)
                self.giving_up.delete(reference, now)
                return done
            case _:
                return self._handle_failure(job, result, holder, now)

    def _wait(
        self,
        job: LetterJob,
        reference: ProviderReference,
        status: LetterStatus,
        holder: LeaseHolder,
        now: Instant,
    ) -> SendResult:
        if not validation_is_overdue(job, now):
            return _postpone(delay_while_drafted(job, now), status.code)
        if status.state is None:
            # It may be a draft or in the post: neither send it again nor give it up.
            apply_status(self.jobs, self.observer, job, status, now)
            return Suspended(status.code)
        done = self.giving_up.reject(job, NOT_VALIDATED, holder, now)
        self.giving_up.delete(reference, now)
        return done

    def _handle_failure(self, job: LetterJob, failure: Failure, holder: LeaseHolder, now: Instant) -> SendResult:
        is_stuck = job.attempts >= _STUCK_ATTEMPTS and now - job.changed_at >= _STUCK_SECONDS
        if is_stuck and not isinstance(failure, Rejected):
            self.observer.needs_attention(job, Attention.STUCK)
        match failure:
            case Rejected(code):
                return self.giving_up.reject(job, code, holder, now)
            case RetryLater(seconds, reason):
                return _postpone(seconds or delay_after(job.attempts), reason)
            case Unknown(reason):
                return _postpone(delay_after(job.attempts), reason)


def _postpone(seconds: int, reason: ProviderCode) -> Postponed:
    return Postponed(min(max(seconds, MIN_DELAY_SECONDS), MAX_DELAY_SECONDS), reason)
