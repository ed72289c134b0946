"""Requested e-mails in the Access table, and whether they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.outbox.email_item import SENT_AT, EmailRequest, email_key
from member_access.platform.aws import ConditionFailed, batch_get, translate_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.recovery.codes import RequestId
    from member_access.values.types import Instant


class EmailStore:
    """Reads e-mails, and marks them as sent."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def read(self, request_id: RequestId) -> EmailRequest | None:
        """Return a requested e-mail, or None: one strongly consistent read.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        key = email_key(request_id)
        item = batch_get(self._dynamodb, {self._table: [key]}).get((self._table, key))
        return EmailRequest.from_item(item) if item else None

    def mark_sent(self, request_id: RequestId, now: Instant) -> None:
        """Record that SES has accepted an e-mail, unless another delivery of its message has recorded it.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        try:
            with translate_errors():
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"pk": {"S": email_key(request_id)}},
                    UpdateExpression=f"SET {SENT_AT} = :now",
                    ConditionExpression=f"attribute_exists(pk) AND attribute_not_exists({SENT_AT})",
                    ExpressionAttributeValues={":now": {"N": str(now)}},
                )
        except ConditionFailed:
            return
