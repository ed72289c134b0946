"""Counts the invitations of a day (Paris), in one item ``INVITATIONS#<day>``: at most half of each day's budget.

The workers that send keep the same shares by the day of sending (``emails.limits``, ``letters.storage.daily_quota``).
This count is made with the decision, so that no more is decided on than can be sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from member_access.outbox.outbox import invitations_share
from member_access.recovery.codes import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.platform.aws import Item, Write
    from member_access.values.types import Instant

_PARIS = ZoneInfo("Europe/Paris")
_KEPT_SECONDS = 90 * 86_400
_COUNTERS = {Channel.EMAIL: "emails", Channel.LETTER: "letters"}


@dataclass(frozen=True)
class InvitationBudget:
    """The shares of invitations in the budgets of a day."""

    table: str
    emails_a_day: int
    letters_a_day: int

    def key(self, now: Instant) -> str:
        """Return the partition key of today's count."""
        return f"INVITATIONS#{datetime.fromtimestamp(now, _PARIS).date().isoformat()}"

    def left(self, item: Item | None) -> Mapping[Channel, int]:
        """Return how many invitations can still be decided on today, by channel."""
        counted = item or {}
        return {
            channel: max(self._most(channel) - int(counted.get(name, {"N": "0"})["N"]), 0)
            for channel, name in _COUNTERS.items()
        }

    def count(self, channel: Channel, now: Instant) -> Write:
        """Count one invitation, unless today's share is used up."""
        counter = _COUNTERS[channel]
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": self.key(now)}},
                "UpdateExpression": f"SET expires_at = :expires_at ADD {counter} :one",
                "ConditionExpression": f"attribute_not_exists({counter}) OR {counter} < :most",
                "ExpressionAttributeValues": {
                    ":expires_at": {"N": str(now + _KEPT_SECONDS)},
                    ":one": {"N": "1"},
                    ":most": {"N": str(self._most(channel))},
                },
            }
        }

    def _most(self, channel: Channel) -> int:
        return invitations_share(self.emails_a_day if channel is Channel.EMAIL else self.letters_a_day)
