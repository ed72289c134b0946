"""Limits how many letters the whole service sends in a day, because every letter costs money.

A letter reserves its share of the quota before the first call to the provider and keeps it through all attempts, also
on later days. A letter over the quota waits for the daily sweep.

Members with an e-mail address can get a code without a letter. They share a fifth of the quota, so that requests for
their letters, however many, leave the rest to members who have no other way. Invitations, which no one waits for, get
half of it at most.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from letters.storage.jobs import set_quota_day
from member_access.outbox.outbox import invitations_share
from member_access.platform.aws import CONDITION_FAILED, TransactionCancelled, transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from letters.model.job import LetterJob
    from member_access.platform.aws import Write
    from member_access.values.types import Instant

_PARIS = ZoneInfo("Europe/Paris")
_KEPT_SECONDS = 90 * 24 * 3600
_PARTS = 5
_PREFIX = "LETTER_BUDGET#"


class DailyQuota:
    """Counts letters by the day (Paris), in one item ``LETTER_BUDGET#<day>`` a day.

    Its ``letters`` are all letters, its ``with_email`` those to members who have an e-mail address that works, its
    ``invitations`` those that no one has asked for.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, letters_a_day: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._letters_a_day = letters_a_day
        self._with_email_a_day = share_of_members_with_email(letters_a_day)

    def reserve(self, job: LetterJob, now: Instant, *, has_email: bool) -> bool:
        """Reserve one letter of today's quota, unless the job has a reservation; return whether it has one now.

        One transaction writes job and counters, so a crash loses no reservation and a repetition makes no second one.

        Args:
            job: the letter.
            now: decides the day.
            has_email: whether the member has an e-mail address that works.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        if job.has_reservation:
            return True
        day = _day(now)
        count = self._count(day, now, self._share(job, has_email=has_email))
        try:
            transact(self._dynamodb, [set_quota_day(self._table, job.letter_id, day), count])
        except TransactionCancelled as cancelled:
            (of_job, _), _ = cancelled.reasons
            # Another delivery reserved it at the same time; otherwise the quota is used up.
            return of_job == CONDITION_FAILED
        return True

    def _share(self, job: LetterJob, *, has_email: bool) -> tuple[str, int] | None:
        """Return the counter of a letter that may use a part of the quota alone, and how much that is."""
        if job.is_invitation:
            return "invitations", invitations_share(self._letters_a_day)
        return ("with_email", self._with_email_a_day) if has_email else None

    def _count(self, day: str, now: Instant, share: tuple[str, int] | None) -> Write:
        counted, values = ["letters :one"], {":most": self._letters_a_day}
        condition = "(attribute_not_exists(letters) OR letters < :most)"
        if share:
            counter, values[":share"] = share
            counted.append(f"{counter} :one")
            condition += f" AND (attribute_not_exists({counter}) OR {counter} < :share)"
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": f"{_PREFIX}{day}"}},
                "UpdateExpression": f"SET expires_at = :expires_at ADD {', '.join(counted)}",
                "ConditionExpression": condition,
                "ExpressionAttributeValues": {
                    ":expires_at": {"N": str(now + _KEPT_SECONDS)},
                    ":one": {"N": "1"},
                    **{name: {"N": str(value)} for name, value in values.items()},
                },
            }
        }


def letter_budget_key(now: Instant) -> str:
    """Return the partition key of the count of a day's letters."""
    return f"{_PREFIX}{_day(now)}"


def _day(now: Instant) -> str:
    return datetime.fromtimestamp(now, _PARIS).date().isoformat()


def share_of_members_with_email(letters_a_day: int) -> int:
    """Return how many of a day's letters members with an e-mail address get at most."""
    return max(letters_a_day // _PARTS, 1)
