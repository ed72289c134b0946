"""The budget of a day: every letter costs money, so the whole system sends so many a day and no more.

A letter takes its place before the provider hears of it, and keeps it, however often and on whatever day it is tried
again. One that finds no place waits for the daily sweep.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from letters.storage.jobs import PLACE
from member_access.outbox.letter_job_item import letter_key
from member_access.platform.aws import TransactionCancelled, transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from letters.model.job import LetterJob
    from member_access.values.types import Instant

_PARIS = ZoneInfo("Europe/Paris")
_KEPT_SECONDS = 90 * 24 * 3600


class DailyQuota:
    """Places by the day (Paris), one counter item ``LETTER_BUDGET#<day>`` a day."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, letters_a_day: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._letters_a_day = letters_a_day

    def reserve(self, job: LetterJob, now: Instant) -> bool:
        """Whether the letter may be sent: it has a place, or one of today is left for it.

        Job and counter are written by one transaction, so that no crash loses a place and no repetition takes two.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        if job.has_place:
            return True
        day = datetime.fromtimestamp(now, _PARIS).date().isoformat()
        try:
            transact(self._dynamodb, [self._placed(job, day), self._counted(day, now)])
        except TransactionCancelled as cancelled:
            (of_job, _), _ = cancelled.reasons
            # Another delivery took the place meanwhile; else the day is full.
            return of_job == "ConditionalCheckFailed"
        return True

    def _placed(self, job: LetterJob, day: str) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": letter_key(job.letter_id.request_id)}},
                "UpdateExpression": f"SET {PLACE} = :day",
                "ConditionExpression": f"attribute_exists(pk) AND attribute_not_exists({PLACE})",
                "ExpressionAttributeValues": {":day": {"S": day}},
            }
        }

    def _counted(self, day: str, now: Instant) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": f"LETTER_BUDGET#{day}"}},
                "UpdateExpression": "SET expires_at = :expires_at ADD letters :one",
                "ConditionExpression": "attribute_not_exists(letters) OR letters < :most",
                "ExpressionAttributeValues": {
                    ":expires_at": {"N": str(now + _KEPT_SECONDS)},
                    ":one": {"N": "1"},
                    ":most": {"N": str(self._letters_a_day)},
                },
            }
        }
