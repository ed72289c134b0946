"""Sends a letter that was given up: a new one with a new code, for its own was voided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailings.contract import RetryAnswer, RetryOutcome
from mailings.member_reads import read_member
from member_access.members.store import address_is_returned
from member_access.outbox.letter_job_item import LetterRequest, letter_key
from member_access.outbox.outbox import new_request_id
from member_access.platform.aws import TransactionCancelled, batch_get, retrying, transact
from member_access.recovery.codes import Channel, RequestId
from member_access.recovery.policy import Issue, UnderWay
from member_access.recovery.store import put_reset, reset_from_item, reset_key

if TYPE_CHECKING:
    from mailings.settings import MailingsSettings
    from member_access.outbox.outbox import Outbox
    from member_access.platform.runtime import Runtime
    from member_access.values.types import Instant

# Each conflict means that the member, or another operator, has asked for a letter first.
_MAX_CONFLICTS = 3
_WAITING, _REJECTED = {"requested", "drafted"}, "rejected"


@dataclass(frozen=True)
class LetterRetry:
    """Sends letters again."""

    runtime: Runtime
    settings: MailingsSettings
    letters: Outbox[LetterRequest]

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def retry(self, letter_id: str) -> RetryAnswer:
        """Send one letter again, unless the print provider has it.

        Raises:
            Unavailable: AWS did not answer; a repetition sends no second letter.
        """
        access, job_key = self.settings.access_table, letter_key(RequestId(letter_id))
        job = batch_get(self.runtime.clients.dynamodb, {access: [job_key]}).get((access, job_key))
        if job is None:
            return RetryAnswer(outcome=RetryOutcome.UNKNOWN)
        state, given_up, now = job["letter_state"]["S"], LetterRequest.from_item(job), self.runtime.now()
        if state in _WAITING:
            self.letters.queue.enqueue(given_up.request_id)
            return RetryAnswer(outcome=RetryOutcome.QUEUED, letter_id=letter_id)
        if state != _REJECTED:
            return RetryAnswer(outcome=RetryOutcome.SENT)
        return self._replace(given_up, now)

    def _replace(self, given_up: LetterRequest, now: Instant) -> RetryAnswer:
        """Request a letter in the place of one that was given up.

        Raises:
            TransactionCancelled: the member, or another operator, has asked for a letter first.
        """
        dynamodb, members, access = (
            self.runtime.clients.dynamodb,
            self.settings.members_table,
            self.settings.access_table,
        )
        key = reset_key(given_up.subject, given_up.purpose)
        reset = reset_from_item(batch_get(dynamodb, {access: [key]}).get((access, key)))
        item = read_member(dynamodb, members, given_up.identifier)
        if item is None:
            return RetryAnswer(outcome=RetryOutcome.UNKNOWN)
        if address_is_returned(item):
            return RetryAnswer(outcome=RetryOutcome.ADDRESS_RETURNED)
        request_id = new_request_id(self.runtime.random_bytes)
        verdict = self.settings.reset_policy.request(reset, Channel.LETTER, request_id, now, None)
        if not isinstance(verdict, Issue):
            is_under_way = isinstance(verdict, UnderWay)
            return RetryAnswer(outcome=RetryOutcome.UNDER_WAY if is_under_way else RetryOutcome.TOO_SOON)
        letter = LetterRequest.with_code(
            verdict.code,
            given_up.identifier,
            given_up.subject,
            self.settings.letter_post_within_seconds,
            is_invitation=given_up.is_invitation,
            purpose=given_up.purpose,
        )
        decided = self.letters.enqueue(letter, is_wanted=True)
        transact(dynamodb, [put_reset(access, key, reset, verdict.reset, now), decided])
        return RetryAnswer(outcome=RetryOutcome.REQUESTED, letter_id=request_id)
