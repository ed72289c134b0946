"""Reconciles letter jobs with the provider once a day: asks about, retries or reports stale ones, deletes orphans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.model.job import JobState, LetterId
from letters.model.observer import Attention, LetterObserver
from letters.model.print_provider import Deleted, Draft, LetterStatus, PrintProvider, failure_code
from letters.status_updates import apply_status
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.job import LetterJob
    from letters.model.job_store import LetterJobs

_MAX_UNANSWERED = 5
"""After this many unanswered questions the provider is asked no more: each may take until the network's timeout."""
_HOUR = 3600
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationPolicy:
    """Says after how many seconds the sweep acts.

    Attributes:
        try_again_after: enqueues a requested or drafted letter again; its message was lost, or it was over the quota.
        ask_after: asks the provider about a submitted letter; its notification may have been lost.
        stuck_after: alerts an operator. Four days include a weekend and a public holiday.
        orphan_after: deletes a draft that no job waits for. A day is longer than any delivery.
    """

    try_again_after: int = _HOUR
    ask_after: int = _DAY
    stuck_after: int = 4 * _DAY
    orphan_after: int = _DAY


@dataclass(slots=True)
class ReconciliationReport:
    """Counts the work of one sweep, for the log.

    Attributes:
        provider_answered: False if the provider did not list its drafts, so no orphan was looked for.
    """

    queued_again: int = 0
    asked: int = 0
    unanswered: int = 0
    moved: int = 0
    stuck: int = 0
    orphans_deleted: int = 0
    provider_answered: bool = True


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Reconciles once a day.

    Attributes:
        queue_again: sends the message of a letter again; one message too many does no harm.
    """

    jobs: LetterJobs
    provider: PrintProvider
    observer: LetterObserver
    queue_again: Callable[[LetterId], None]
    policy: ReconciliationPolicy

    def run(self, now: Instant) -> ReconciliationReport:
        """Reconcile all jobs; may be interrupted and run again at any time.

        Raises:
            Unavailable: the store did not answer.
        """
        report = ReconciliationReport()
        for job in self._waiting(now):
            if self._has_lost_its_message(job, now):
                self.queue_again(job.letter_id)
                report.queued_again += 1
            self._alert_if_stuck(job, report, now)
        for job in self.jobs.stale_jobs(JobState.SUBMITTED, Instant(now - self.policy.ask_after)):
            if not self._ask(job, report, now):
                self._alert_if_stuck(job, report, now)
        self._delete_orphans(report, now)
        return report

    def _waiting(self, now: Instant) -> list[LetterJob]:
        """Letters that are not sent yet: invitations last, members without an e-mail address first, then by age."""
        since = Instant(now - self.policy.try_again_after)
        jobs = [job for state in (JobState.REQUESTED, JobState.DRAFTED) for job in self.jobs.stale_jobs(state, since)]
        return sorted(jobs, key=lambda job: (job.is_invitation, job.has_email, job.requested_at))

    def _has_lost_its_message(self, job: LetterJob, now: Instant) -> bool:
        due = job.next_attempt_at
        return due is None or now - due >= self.policy.try_again_after

    def _ask(self, job: LetterJob, report: ReconciliationReport, now: Instant) -> bool:
        """Ask the provider about a letter; return whether the letter has moved."""
        if job.reference is None or job.provider is not self.provider.name or report.unanswered >= _MAX_UNANSWERED:
            return False
        report.asked += 1
        status = self.provider.status(job.reference, now)
        if not isinstance(status, LetterStatus):
            report.unanswered += 1
            what = "the provider did not give a letter's status"
            self.observer.log(what, letter_id=job.letter_id, code=failure_code(status))
            return False
        has_moved = apply_status(self.jobs, self.observer, job, status, now) is not job.state
        report.moved += has_moved
        return has_moved

    def _alert_if_stuck(self, job: LetterJob, report: ReconciliationReport, now: Instant) -> None:
        if now - job.changed_at >= self.policy.stuck_after:
            report.stuck += 1
            self.observer.needs_attention(job, Attention.STUCK)

    def _delete_orphans(self, report: ReconciliationReport, now: Instant) -> None:
        drafts = self.provider.drafts(now)
        if not isinstance(drafts, list):
            report.provider_answered = False
            self.observer.log("the provider did not list its drafts", letter_id=None, code=failure_code(drafts))
            return
        for draft in drafts:
            if now - draft.created_at >= self.policy.orphan_after and not self._is_wanted(draft):
                deleted = isinstance(self.provider.delete_draft(draft.reference, now), Deleted)
                report.orphans_deleted += deleted

    def _is_wanted(self, draft: Draft) -> bool:
        job = self.jobs.get(draft.letter_id)
        return job is not None and job.reference == draft.reference and job.state is not JobState.REJECTED
