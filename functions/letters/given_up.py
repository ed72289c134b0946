"""Follows up letters that were given up: their members may ask again at once, and get a notice by e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.platform.aws import TransactionCancelled, batch_get, retrying, transact
from member_access.recovery.store import forget_letter, reset_from_item, reset_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from letters.model.job import LetterJob
    from member_access.outbox.outbox import Outbox
    from member_access.values.types import Instant

# Each conflict means that the member has asked for another code at the same time.
_MAX_CONFLICTS = 3


@dataclass(frozen=True)
class GivenUpLetters:
    """Follows up given-up letters.

    Attributes:
        emails: the notices. The worker drops those of members who have no e-mail address.
    """

    dynamodb: DynamoDBClient
    access_table: str
    emails: Outbox[EmailRequest]

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def follow_up(self, job: LetterJob, now: Instant) -> None:
        """Forget a letter in its member's reset, and send the notice: both or neither, and only once.

        Nothing happens if the member has used the code, or has asked for another letter.

        Raises:
            Unavailable: AWS did not answer, or the conflicts went on; a repetition does what is left.
        """
        key, request_id = reset_key(job.subject, job.purpose), job.letter_id.request_id
        seen = reset_from_item(batch_get(self.dynamodb, {self.access_table: [key]}).get((self.access_table, key)))
        if seen.letter is None or seen.letter.request_id != request_id:
            return
        notice = EmailRequest(
            request_id, EmailKind.LETTER_GIVEN_UP, job.identifier, job.subject, now, job.code_expires_at
        )
        enqueued = self.emails.enqueue(notice, is_wanted=True)
        transact(self.dynamodb, [forget_letter(self.access_table, key, seen, seen.letter), enqueued])
