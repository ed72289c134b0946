"""Letters with a code: the member asks for one, or an e-mail cannot reach the member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from member_access.members.store import UNKNOWN_MEMBER
from member_access.outbox.requests import LetterRequest, RequestQueue, put_decoy, put_letter_job
from member_access.values.types import Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef
    from mypy_boto3_sqs import SQSClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.recovery.codes import RequestId
    from member_access.recovery.policy import IssuedCode
    from member_access.recovery.settings import CodeSettings
    from member_access.values.types import Identifier


@dataclass(frozen=True)
class LetterRequests:
    """Asks for letters: a message first, then a job that is written with the decision (see ``requests``).

    Attributes:
        queue: of the letters.
        access_table: where the jobs are.
        post_within_seconds: a letter that cannot be posted within this time from its request is given up.
    """

    queue: RequestQueue
    access_table: str
    post_within_seconds: int

    @classmethod
    def under(cls, settings: CodeSettings, sqs: SQSClient) -> Self:
        """As the operator has set it."""
        queue = RequestQueue(sqs, settings.letters_queue_url)
        return cls(queue, settings.access_table, settings.letter_post_within_seconds)

    def enqueue(self, request_id: RequestId) -> None:
        """Put a letter's message into the queue.

        Raises:
            Unavailable: SQS did not answer.
        """
        self.queue.enqueue(request_id)

    def requested(
        self, code: IssuedCode, identifier: Identifier | None, subject: Pseudonym
    ) -> TransactWriteItemTypeDef:
        """The part of a transaction that decides on a letter; for an identifier that nobody has, on nothing."""
        now = code.requested_at
        post_by = Instant(now + self.post_within_seconds)
        request = LetterRequest(code.request_id, identifier or UNKNOWN_MEMBER, subject, now, code.expires_at, post_by)
        asked_for = put_letter_job(self.access_table, request)
        nothing = put_decoy(asked_for, now)
        return asked_for if identifier else nothing
