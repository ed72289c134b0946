"""Limits failures by source address, against a caller who makes one guess at each of many members.

Two fixed windows, the running one and the one before, stand for a sliding one: the older window counts by the part
that the sliding window still covers. Both are read with the member; only a failure is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.platform.aws import Item, translate_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.values.types import Instant


@dataclass(frozen=True)
class SourcePolicy:
    """Allows at most ``failures`` within ``window`` seconds."""

    failures: int
    window: int

    def wait(self, before: int, running: int, now: Instant) -> int:
        """Return the seconds until the source may try again, 0 for now.

        Args:
            before: failures in the window before the running one.
            running: failures in the running window.
            now: the moment of the question.
        """
        elapsed = now % self.window
        if before * (self.window - elapsed) + running * self.window < self.failures * self.window:
            return 0
        if running >= self.failures:
            return self.window - elapsed + self._fades_at(running, self.failures)
        return self._fades_at(before, self.failures - running) - elapsed

    def _fades_at(self, before: int, allowance: int) -> int:
        """Return the first second of a window at which the window before it counts less than the allowance."""
        return self.window + 1 + (-allowance * self.window // before)


class Sources:
    """Counts failures by source."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, policy: SourcePolicy) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._policy = policy

    def keys(self, source: Pseudonym, now: Instant) -> tuple[str, str]:
        """Return the partition keys of the two windows to read: the one before, and the running one."""
        window = now // self._policy.window
        return f"SOURCE#{source}#{window - 1}", f"SOURCE#{source}#{window}"

    def wait(self, found: dict[tuple[str, str], Item], source: Pseudonym, now: Instant) -> int:
        """Return the seconds until a source may try again, from a read of its two windows."""
        before, running = (_failures(found.get((self._table, key))) for key in self.keys(source, now))
        return self._policy.wait(before, running, now)

    def record_failure(self, source: Pseudonym, now: Instant) -> None:
        """Count one failure of a source.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        with translate_errors():
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"pk": {"S": self.keys(source, now)[1]}},
                UpdateExpression="ADD failures :one SET expires_at = :expires_at",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":expires_at": {"N": str((now // self._policy.window + 2) * self._policy.window)},
                },
            )


def _failures(item: Item | None) -> int:
    return int(item["failures"]["N"]) if item else 0
