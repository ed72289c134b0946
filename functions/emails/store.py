"""Requested e-mails in the Access table, and whether they were sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.outbox.requests import email_from_item, email_key
from member_access.platform.aws import ConditionFailed, batch_get, translate_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.outbox.requests import EmailRequest
    from member_access.recovery.codes import RequestId
    from member_access.values.types import Instant


@dataclass(frozen=True)
class StoredEmail:
    """A requested e-mail, and whether SES has accepted it."""

    request: EmailRequest
    is_sent: bool


class EmailStore:
    """Reads e-mails, and marks them as sent."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def read(self, request_id: RequestId) -> StoredEmail | None:
        """Return a requested e-mail, or None: one strongly consistent read.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        key = email_key(request_id)
        item = batch_get(self._dynamodb, {self._table: [key]}).get((self._table, key))
        return StoredEmail(email_from_item(item), is_sent="sent_at" in item) if item else None

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
                    UpdateExpression="SET sent_at = :now",
                    ConditionExpression="attribute_exists(pk) AND attribute_not_exists(sent_at)",
                    ExpressionAttributeValues={":now": {"N": str(now)}},
                )
        except ConditionFailed:
            return
