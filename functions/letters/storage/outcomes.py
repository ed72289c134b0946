"""Records what becomes of letters: in the audit trail, the member's record, the metrics and the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from letters.model.job import CODE_VOID, JobState
from member_access.audit import About, AuditTrail
from member_access.audit_events.letters import LetterPosted, LetterRejected, LetterSubmitted, LetterUndelivered
from member_access.members.store import LetterOutcome, Members
from member_access.platform.metrics import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools import Logger

    from letters.model.job import LetterId, LetterJob, ProviderCode
    from letters.model.observer import Attention
    from member_access.outbox.outbox import RequestQueue
    from member_access.platform.runtime import Runtime
    from member_access.settings import TableSettings
    from member_access.values.types import Instant

_OUTCOMES = {
    JobState.REJECTED: LetterOutcome.REJECTED,
    JobState.POSTED: LetterOutcome.POSTED,
    JobState.UNDELIVERED: LetterOutcome.UNDELIVERED,
}

_FOLLOW_UP_SECONDS = 60
"""Longer than the write takes that gives the letter up: it comes next."""


@dataclass(frozen=True)
class OutcomeRecorder:
    """Implements ``LetterObserver``.

    Attributes:
        follow_up: sees to it that a letter is followed up soon after it was given up or came back (see ``given_up``).
    """

    members: Members
    audit: AuditTrail
    logger: Logger
    metrics_namespace: str
    now: Callable[[], Instant]
    follow_up: Callable[[LetterId], None]

    @classmethod
    def of(cls, settings: TableSettings, runtime: Runtime, follow_up: Callable[[LetterId], None]) -> Self:
        """The recorder of a function."""
        namespace = settings.metrics_namespace
        return cls(
            Members(runtime.clients.dynamodb, settings.members_table),
            AuditTrail(runtime.logger, namespace),
            runtime.logger,
            namespace,
            runtime.now,
            follow_up,
        )

    def will_change(self, job: LetterJob, state: JobState, code: ProviderCode) -> None:
        """Audit the change that is about to happen, and write its outcome on the member's record.

        Raises:
            Unavailable: DynamoDB did not answer; the job must not move.
        """
        outcome = _OUTCOMES.get(state)
        # A code that no longer works says nothing about the member's address.
        if outcome is not None and code != CODE_VOID:
            self.members.record_letter(job.identifier, outcome, requested_at=job.requested_at, now=self.now())
        who, request_id = About(subject=job.subject, member=job.identifier), job.letter_id.request_id
        match state:
            case JobState.SUBMITTED:
                self.audit.record(LetterSubmitted(who=who, request_id=request_id))
            case JobState.POSTED:
                self.audit.record(LetterPosted(who=who, request_id=request_id))
            case JobState.REJECTED:
                self.audit.record(LetterRejected(who=who, request_id=request_id, reason=code))
                self.follow_up(job.letter_id)
            case JobState.UNDELIVERED:
                self.audit.record(LetterUndelivered(who=who, request_id=request_id))
                self.follow_up(job.letter_id)
            case _:
                pass

    def needs_attention(self, job: LetterJob, attention: Attention) -> None:
        """Log a warning with the reference by which the provider knows the letter, and count it for an alarm."""
        about = {"letter_id": job.letter_id, "attention": attention.value, "provider_reference": job.reference}
        self.logger.warning("letter.attention", extra=about)
        count(self.logger, self.metrics_namespace, f"letters.{attention.value}")

    def log(self, what: str, *, letter_id: LetterId | None, code: ProviderCode | None = None) -> None:
        """Log a sentence that holds no value."""
        self.logger.info("letter.note", extra={"note": what, "letter_id": letter_id, "word": code})


def followed_up_by(queue: RequestQueue) -> Callable[[LetterId], None]:
    """Return a follow-up that queues the letter's message again: the function that sends letters reads it."""
    return lambda letter_id: queue.enqueue(letter_id.request_id, _FOLLOW_UP_SECONDS)
