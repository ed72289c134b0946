"""Requested e-mails in the Access table, and what has become of them."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from member_access.outbox.email_item import RESERVED_AT, SENT_AT, EmailRequest, email_key
from member_access.outbox.outbox import decoy_key
from member_access.platform.aws import ConditionFailed, batch_get, translate_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.recovery.codes import RequestId
    from member_access.values.types import Instant


class NoEmail(Enum):
    """Why there is no e-mail to a message."""

    DECOY = auto()
    """No one was to get one: the identifier is unknown, or its member has no address."""
    UNDECIDED = auto()
    """The write of the decision has not arrived, or the function that makes it has failed."""


class EmailStore:
    """Reads e-mails, and marks them as reserved and as sent."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def read(self, request_id: RequestId) -> EmailRequest | NoEmail:
        """Return a requested e-mail, or why there is none: one strongly consistent read.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        key, decoy = email_key(request_id), decoy_key(request_id)
        found = batch_get(self._dynamodb, {self._table: [key, decoy]})
        if item := found.get((self._table, key)):
            return EmailRequest.from_item(item)
        return NoEmail.DECOY if (self._table, decoy) in found else NoEmail.UNDECIDED

    def mark_reserved(self, request_id: RequestId, now: Instant) -> None:
        """Record that the budget has counted an e-mail, unless another delivery of its message has recorded it.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        self._mark(request_id, RESERVED_AT, now)

    def mark_sent(self, request_id: RequestId, now: Instant) -> None:
        """Record that SES has accepted an e-mail, unless another delivery of its message has recorded it.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        self._mark(request_id, SENT_AT, now)

    def _mark(self, request_id: RequestId, attribute: str, now: Instant) -> None:
        try:
            with translate_errors():
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"pk": {"S": email_key(request_id)}},
                    UpdateExpression=f"SET {attribute} = :now",
                    ConditionExpression=f"attribute_exists(pk) AND attribute_not_exists({attribute})",
                    ExpressionAttributeValues={":now": {"N": str(now)}},
                )
        except ConditionFailed:
            return
