"""The daily look at letters: what has not moved is asked after or tried again, drafts that nobody needs are deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.model.job import JobState, LetterId
from letters.model.print_provider import Deleted, Draft, LetterStatus, PrintProvider, failure_word
from letters.status_updates import Attention, LetterObserver, apply_status
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.job import LetterJob
    from letters.model.job_store import LetterJobs

_MOST_UNANSWERED = 5
"""After so many questions without an answer no more are asked: each may take as long as the network lets it."""
_HOUR = 3600
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPolicy:
    """After how many seconds the sweep does what.

    Attributes:
        try_again_after: a requested or drafted letter is queued again; its message was lost, or it had to wait for
            a place in the budget.
        ask_after: a submitted letter is asked after; its notification may have been lost.
        stuck_after: an operator is told. Four days hold a week-end and a holiday.
        orphan_after: a draft that no job waits for is deleted. A day is longer than any walk.
    """

    try_again_after: int = _HOUR
    ask_after: int = _DAY
    stuck_after: int = 4 * _DAY
    orphan_after: int = _DAY


@dataclass(slots=True)
class SweepReport:
    """What a sweep has done, as counts for the log and the metrics.

    Attributes:
        provider_answered: False where the list of drafts could not be had: no orphan was looked for.
    """

    queued_again: int = 0
    asked: int = 0
    unanswered: int = 0
    moved: int = 0
    stuck: int = 0
    orphans_deleted: int = 0
    provider_answered: bool = True


@dataclass(frozen=True, slots=True)
class Sweep:
    """Sweeps once a day.

    Attributes:
        queue_again: sends the message of a letter anew; a message too many does no harm.
    """

    jobs: LetterJobs
    provider: PrintProvider
    observer: LetterObserver
    queue_again: Callable[[LetterId], None]
    policy: SweepPolicy

    def run(self, now: Instant) -> SweepReport:
        """Sweep; it may be broken off and run again at any time.

        Raises:
            Unavailable: the store did not answer.
        """
        report = SweepReport()
        for state in (JobState.REQUESTED, JobState.DRAFTED):
            for job in self.jobs.stale_jobs(state, Instant(now - self.policy.try_again_after)):
                if self._has_lost_its_message(job, now):
                    self.queue_again(job.letter_id)
                    report.queued_again += 1
                self._tell_if_stuck(job, report, now)
        for job in self.jobs.stale_jobs(JobState.SUBMITTED, Instant(now - self.policy.ask_after)):
            if not self._ask(job, report, now):
                self._tell_if_stuck(job, report, now)
        self._delete_orphans(report, now)
        return report

    def _has_lost_its_message(self, job: LetterJob, now: Instant) -> bool:
        due = job.next_attempt_at
        return due is None or now - due >= self.policy.try_again_after

    def _ask(self, job: LetterJob, report: SweepReport, now: Instant) -> bool:
        """Whether the letter has moved."""
        if job.reference is None or job.provider is not self.provider.name or report.unanswered >= _MOST_UNANSWERED:
            return False
        report.asked += 1
        status = self.provider.status(job.reference, now)
        if not isinstance(status, LetterStatus):
            report.unanswered += 1
            self.observer.notes("a letter could not be asked after", letter_id=job.letter_id, word=failure_word(status))
            return False
        has_moved = apply_status(self.jobs, self.observer, job, status, now) is not job.state
        report.moved += has_moved
        return has_moved

    def _tell_if_stuck(self, job: LetterJob, report: SweepReport, now: Instant) -> None:
        if now - job.changed_at >= self.policy.stuck_after:
            report.stuck += 1
            self.observer.needs_attention(job.letter_id, Attention.STUCK)

    def _delete_orphans(self, report: SweepReport, now: Instant) -> None:
        drafts = self.provider.drafts(now)
        if not isinstance(drafts, list):
            report.provider_answered = False
            self.observer.notes("the provider's drafts could not be listed", letter_id=None, word=failure_word(drafts))
            return
        for draft in drafts:
            if now - draft.created_at >= self.policy.orphan_after and not self._is_wanted(draft):
                deleted = isinstance(self.provider.delete_draft(draft.reference, now), Deleted)
                report.orphans_deleted += deleted

    def _is_wanted(self, draft: Draft) -> bool:
        job = self.jobs.get(draft.letter_id)
        return job is not None and job.reference == draft.reference and job.state is not JobState.REJECTED
