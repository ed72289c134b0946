"""Limits how many e-mails the service sends in a day, and how many reminders a member gets.

Amazon SES has a quota for the account. When it is used up, no member gets a code for the rest of the 24 hours;
therefore invitations leave half of the budget to all others, and notices and reminders its last part to codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from member_access.outbox.email_item import EmailKind
from member_access.outbox.outbox import invitations_share
from member_access.platform.aws import ConditionFailed, translate_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.outbox.email_item import EmailRequest
    from member_access.values.types import Instant

_DAY = 86_400
_KEPT_SECONDS = 90 * _DAY
_NOTICES_PERCENT = 80
"""How much of the budget may be used up before notices and reminders wait."""
_LONGEST_WAIT_SECONDS = 6 * 3600
"""Sixty receipts of a message (see ``template.yaml``) then last for as long as its queue keeps it: fourteen days."""


@dataclass(frozen=True)
class Counted:
    """An e-mail that the budget of a day has counted.

    Attributes:
        is_half: whether it used up the first half of the budget.
    """

    is_half: bool


class EmailBudget:
    """Counts e-mails by the day (UTC), in one item ``EMAIL_BUDGET#<day>`` a day.

    The quota of SES is one of any 24 hours, so two days can touch in it: set the budget below the quota.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, emails_a_day: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._most = emails_a_day

    def count(self, kind: EmailKind, now: Instant) -> Counted | None:
        """Count one e-mail, or return None if the part of the budget that is open to its kind is used up.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        match kind:
            case EmailKind.RESET_CODE | EmailKind.CONFIRM_CODE:
                most = self._most
            case EmailKind.INVITATION:
                most = invitations_share(self._most)
            case _:
                most = self._most * _NOTICES_PERCENT // 100
        try:
            with translate_errors():
                answer = self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"pk": {"S": email_budget_key(now)}},
                    UpdateExpression="SET expires_at = :expires_at ADD emails :one",
                    ConditionExpression="attribute_not_exists(emails) OR emails < :most",
                    ExpressionAttributeValues={
                        ":expires_at": {"N": str(now + _KEPT_SECONDS)},
                        ":one": {"N": "1"},
                        ":most": {"N": str(most)},
                    },
                    ReturnValues="UPDATED_NEW",
                )
        except ConditionFailed:
            return None
        return Counted(is_half=int(answer["Attributes"]["emails"]["N"]) == (self._most + 1) // 2)

    @staticmethod
    def wait(now: Instant) -> int:
        """Return the seconds until an e-mail over the budget is tried again."""
        return min(_DAY - now % _DAY, _LONGEST_WAIT_SECONDS)


class Reminders:
    """Counts reminders by member and day (UTC), in an item ``REMINDERS#<pseudonym of the identifier>#<day>``."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, reminders_a_day: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._most = reminders_a_day

    def claim(self, reminder: EmailRequest, now: Instant) -> bool:
        """Claim one of today's reminders of a member by one conditional write; return whether there was one.

        The item has the requests themselves, so a repeated claim changes nothing.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        try:
            with translate_errors():
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"pk": {"S": reminders_key(reminder.subject, now)}},
                    UpdateExpression="SET expires_at = :expires_at ADD requests :requests",
                    ConditionExpression=(
                        "attribute_not_exists(requests) OR size(requests) < :most OR contains(requests, :request)"
                    ),
                    ExpressionAttributeValues={
                        ":expires_at": {"N": str(now + 2 * _DAY)},
                        ":requests": {"SS": [reminder.request_id]},
                        ":request": {"S": reminder.request_id},
                        ":most": {"N": str(self._most)},
                    },
                )
        except ConditionFailed:
            return False
        return True


def email_budget_key(now: Instant) -> str:
    """Return the partition key of the count of a day's e-mails."""
    return f"EMAIL_BUDGET#{_day(now)}"


def reminders_key(subject: Pseudonym, now: Instant) -> str:
    """Return the partition key of a member's reminders of a day."""
    return f"REMINDERS#{subject}#{_day(now)}"


def _day(now: Instant) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
