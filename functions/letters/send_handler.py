"""Reads the letters queue: each message names a letter, which goes to the print provider once (see ``sending``).

A letter that must wait gets a new, delayed message, and the present one is done: waiting is no failure, and only
failures count towards the dead-letter queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.given_up import GivenUpLetters
from letters.giving_up import Finished, Postponed, Suspended
from letters.model.job import JobState, LeaseHolder, LetterId
from letters.page.content import LetterContents
from letters.page.geometry import window_of
from letters.page.typesetting import LetterTypesetter
from letters.providers.http_client import PooledTransport
from letters.providers.registry import Providers
from letters.returned import ReturnedLetters
from letters.sending import LetterSender
from letters.settings import LettersSettings
from letters.storage.daily_quota import DailyQuota
from letters.storage.jobs import DynamoDbLetterJobs
from letters.storage.outcomes import OutcomeRecorder
from member_access.audit import AuditTrail
from member_access.errors import NotYet
from member_access.members.store import Members
from member_access.outbox.email_item import EmailRequest
from member_access.outbox.outbox import Outbox, RequestQueue, request_id_from_message
from member_access.outbox.worker import QueueWorker, RetryPolicy
from member_access.platform.runtime import LambdaHandler
from member_access.recovery.codes import OneTimeCodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.job import LetterJob, ProviderCode
    from letters.providers.http_client import Transport
    from member_access.outbox.worker import QueuedMessage
    from member_access.platform.runtime import Runtime
    from member_access.values.types import Instant

# Much longer than the write that follows a message: the function that makes it lives for ten seconds.
_UNDECIDED_SECONDS = 60
# Twenty receipts (see template.yaml) take four hours.
_RETRIES = RetryPolicy(first_wait=60, longest_wait=900)
# Of the function's 60 seconds; a letter takes one or two, and thirteen for each call without a response.
_MAX_SECONDS = 45
# Longer than the function lives, shorter than the queue's visibility timeout.
_LEASE_SECONDS = 120
_HOLDER_BYTES = 8


@dataclass(frozen=True)
class LettersFlow:
    """Sends the letter that a message names."""

    runtime: Runtime
    sender: LetterSender
    jobs: DynamoDbLetterJobs
    given_up: GivenUpLetters
    returned: ReturnedLetters
    queue: RequestQueue

    def send(self, message: QueuedMessage) -> None:
        """Take one letter as far as it goes now.

        Raises:
            NotYet: the job is not written yet.
            InvalidValue: the message is not one of ours.
            LetterCannotBeSet: someone must correct the member's record.
            WrongProvider: another provider has the draft.
            Unavailable: AWS did not answer.
        """
        now = self.runtime.now()
        letter_id = LetterId.parse(request_id_from_message(message.body))
        holder = LeaseHolder(self.runtime.random_bytes(_HOLDER_BYTES).hex())
        match self.sender.send(letter_id, holder, now):
            case Finished(None) if now < message.sent_at + _UNDECIDED_SECONDS and not self.jobs.is_decoy(letter_id):
                raise NotYet("this letter has no job yet", _UNDECIDED_SECONDS)
            case Finished(JobState.REJECTED):
                self._follow_up(self.given_up.follow_up, letter_id, now)
            case Finished(JobState.UNDELIVERED):
                self._follow_up(self.returned.follow_up, letter_id, now)
            case Postponed(seconds, reason):
                self.queue.enqueue(letter_id.request_id, seconds)
                self._log("letter.waits", letter_id, reason)
            case Suspended(reason):
                self._log("letter.parked", letter_id, reason)

    def _follow_up(self, follow_up: Callable[[LetterJob, Instant], None], letter_id: LetterId, now: Instant) -> None:
        if job := self.jobs.get(letter_id):
            follow_up(job, now)

    def _log(self, what: str, letter_id: LetterId, reason: ProviderCode) -> None:
        self.runtime.logger.info(what, extra={"letter_id": letter_id, "reason": reason})


def compose(runtime: Runtime, transport: Callable[[], Transport] = PooledTransport) -> QueueWorker:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = LettersSettings.from_environment(runtime.environment)
    dynamodb, kms, sqs = runtime.clients.dynamodb, runtime.clients.kms, runtime.clients.sqs
    contents = LetterContents(
        dynamodb,
        settings.members_table,
        settings.access_table,
        OneTimeCodes(kms, settings.code_key_arn),
        LetterTypesetter(settings.insurer, window_of(settings.letter_provider, settings.pingen_address_position)),
        runtime.now,
    )
    jobs = DynamoDbLetterJobs(dynamodb, settings.access_table)
    sender = LetterSender(
        jobs,
        Providers.of(settings.providers, runtime, transport()).chosen,
        contents.of,
        DailyQuota(dynamodb, settings.access_table, settings.letters_a_day).reserve,
        # The message in hand is followed up when it is done.
        OutcomeRecorder.of(settings, runtime, lambda _: None),
        _LEASE_SECONDS,
    )
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    emails = Outbox[EmailRequest](RequestQueue(sqs, settings.emails_queue_url), settings.access_table)
    given_up = GivenUpLetters(dynamodb, settings.access_table, emails)
    returned = ReturnedLetters(dynamodb, Members(dynamodb, settings.members_table), settings.access_table, audit)
    flow = LettersFlow(runtime, sender, jobs, given_up, returned, RequestQueue(sqs, settings.letters_queue_url))
    return QueueWorker(
        sqs,
        [settings.letters_queue_url],
        flow.send,
        retries=_RETRIES,
        longest_seconds=_MAX_SECONDS,
        logger=runtime.logger,
        metrics_namespace=settings.metrics_namespace,
    )


handler = LambdaHandler(compose)
