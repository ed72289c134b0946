"""Limits how many letters the whole service sends in a day, because every letter costs money.

A letter reserves its share of the quota before the first call to the provider and keeps it through all attempts, also
on later days. A letter over the quota waits for the daily sweep.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from letters.storage.jobs import set_quota_day
from member_access.platform.aws import TransactionCancelled, transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from letters.model.job import LetterJob
    from member_access.platform.aws import Write
    from member_access.values.types import Instant

_PARIS = ZoneInfo("Europe/Paris")
_KEPT_SECONDS = 90 * 24 * 3600


class DailyQuota:
    """Counts letters by the day (Paris), in one item ``LETTER_BUDGET#<day>`` a day."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, letters_a_day: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._letters_a_day = letters_a_day

    def reserve(self, job: LetterJob, now: Instant) -> bool:
        """Reserve one letter of today's quota, unless the job has a reservation; return whether it has one now.

        One transaction writes job and counter, so a crash loses no reservation and a repetition makes no second one.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        if job.has_reservation:
            return True
        day = datetime.fromtimestamp(now, _PARIS).date().isoformat()
        try:
            transact(self._dynamodb, [set_quota_day(self._table, job.letter_id, day), self._count(day, now)])
        except TransactionCancelled as cancelled:
            (of_job, _), _ = cancelled.reasons
            # Another delivery reserved it at the same time; otherwise the quota is used up.
            return of_job == "ConditionalCheckFailed"
        return True

    def _count(self, day: str, now: Instant) -> Write:
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
