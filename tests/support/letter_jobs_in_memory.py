"""Stores letter jobs in memory, under the same conditions as in DynamoDB."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from letters.model.job import JobState, LetterId, LetterJob
from letters.model.job_store import Claim, Held, Leased, LeaseLost, NoJob, Settled

if TYPE_CHECKING:
    from letters.model.job import LeaseHolder, ProviderCode, ProviderName, ProviderReference, Upload
    from member_access.outbox.letter_job_item import LetterRequest
    from member_access.values.types import Instant


@dataclass(frozen=True)
class _Lease:
    holder: LeaseHolder
    until: Instant


class InMemoryLetterJobs:
    """Implements ``LetterJobs``."""

    def __init__(self) -> None:
        self._jobs: dict[LetterId, LetterJob] = {}
        self._leases: dict[LetterId, _Lease] = {}
        self._events: dict[tuple[ProviderName, str], Instant] = {}
        self._lock = Lock()

    def open(self, request: LetterRequest) -> None:
        """Write a requested job, as the reset flow does."""
        letter_id = LetterId.parse(request.request_id)
        with self._lock:
            self._jobs[letter_id] = LetterJob(
                letter_id=letter_id,
                identifier=request.identifier,
                subject=request.subject,
                state=JobState.REQUESTED,
                requested_at=request.requested_at,
                changed_at=request.requested_at,
                code_expires_at=request.code_expires_at,
                post_by=request.post_by,
                is_invitation=request.is_invitation,
            )

    def get(self, letter_id: LetterId) -> LetterJob | None:
        """Read a job."""
        return self._jobs.get(letter_id)

    def claim(self, letter_id: LetterId, holder: LeaseHolder, *, until: Instant, now: Instant) -> Claim:
        """Take the lease and count the attempt."""
        with self._lock:
            job = self._jobs.get(letter_id)
            if job is None:
                return NoJob()
            if not job.state.is_open:
                return Settled(job.state)
            lease = self._leases.get(letter_id)
            if lease is not None and lease.until > now and lease.holder != holder:
                return Held(lease.until)
            self._leases[letter_id] = _Lease(holder, until)
            self._jobs[letter_id] = replace(job, attempts=job.attempts + 1)
            return Leased(self._jobs[letter_id])

    def release(self, letter_id: LetterId, holder: LeaseHolder, next_attempt_at: Instant | None) -> None:
        """Return the lease, if the caller still holds it."""
        with self._lock:
            if self._holds(letter_id, holder):
                del self._leases[letter_id]
                self._jobs[letter_id] = replace(self._jobs[letter_id], next_attempt_at=next_attempt_at)

    def record_wait(self, letter_id: LetterId, holder: LeaseHolder, *, has_email: bool) -> None:
        """Note as what a letter waits for the quota."""
        with self._lock:
            job = self._jobs[letter_id]
            self._check(self._holds(letter_id, holder) and job.state is JobState.REQUESTED)
            self._jobs[letter_id] = replace(job, has_email=has_email)

    def record_upload(self, letter_id: LetterId, holder: LeaseHolder, provider: ProviderName, upload: Upload) -> None:
        """Keep a file's address."""
        with self._lock:
            job = self._jobs[letter_id]
            self._check(self._holds(letter_id, holder) and job.state is JobState.REQUESTED)
            self._jobs[letter_id] = replace(job, provider=provider, upload=upload)

    def record_draft(  # noqa: PLR0913 - what a draft is
        self,
        letter_id: LetterId,
        holder: LeaseHolder,
        provider: ProviderName,
        reference: ProviderReference,
        now: Instant,
        *,
        address_mark: str,
    ) -> None:
        """Requested → drafted."""
        with self._lock:
            job = self._jobs[letter_id]
            is_repeated = job.state is JobState.DRAFTED and job.reference == reference
            self._check(self._holds(letter_id, holder) and (job.state is JobState.REQUESTED or is_repeated))
            self._jobs[letter_id] = replace(
                job,
                state=JobState.DRAFTED,
                changed_at=now,
                provider=provider,
                reference=reference,
                upload=None,
                address_mark=address_mark,
            )

    def record_rejection(self, letter_id: LetterId, holder: LeaseHolder, code: ProviderCode, now: Instant) -> None:
        """Requested or drafted → rejected."""
        with self._lock:
            job = self._jobs[letter_id]
            self._check(self._holds(letter_id, holder) and (job.state.is_open or job.state is JobState.REJECTED))
            self._jobs[letter_id] = replace(job, state=JobState.REJECTED, changed_at=now, code=code)

    def advance(self, letter_id: LetterId, state: JobState, code: ProviderCode, now: Instant) -> bool:
        """Move to a state that ranks higher."""
        with self._lock:
            job = self._jobs.get(letter_id)
            if job is None or job.state.rank >= state.rank:
                return False
            self._jobs[letter_id] = replace(job, state=state, changed_at=now, code=code)
            return True

    def keep_unknown_status(self, letter_id: LetterId, code: ProviderCode) -> None:
        """Keep a provider's code that we do not know."""
        with self._lock:
            if letter_id in self._jobs:
                self._jobs[letter_id] = replace(self._jobs[letter_id], unknown_status=code)

    def stale_jobs(self, state: JobState, since: Instant) -> list[LetterJob]:
        """Jobs in a state since that instant or longer, oldest first."""
        found = [job for job in self._jobs.values() if job.state is state and job.changed_at <= since]
        return sorted(found, key=lambda job: job.changed_at)

    def event_was_taken(self, provider: ProviderName, event_id: str) -> bool:
        """Whether the event is remembered."""
        return (provider, event_id) in self._events

    def remember_event(self, provider: ProviderName, event_id: str, now: Instant) -> None:
        """Remember an event."""
        self._events[provider, event_id] = now

    def _holds(self, letter_id: LetterId, holder: LeaseHolder) -> bool:
        lease = self._leases.get(letter_id)
        return lease is not None and lease.holder == holder

    @staticmethod
    def _check(holds: bool) -> None:
        if not holds:
            raise LeaseLost("not the holder, or not in that state")
