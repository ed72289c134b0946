"""Finds the members whom a full file lacks, and removes them on demand."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from member_access.members.removal import MemberRemoval
from member_access.platform.aws import translate_errors
from member_access.values.types import Identifier
from ops.import_files import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from bulk_import.seen_rows import SeenRows
    from member_access.members.tombstones import TombstoneKeys
    from member_access.values.types import Instant

_PREFIX = "MEMBER#"


class Missing(NamedTuple):
    """How many members a file lacks.

    Attributes:
        missing: the members whom it lacks.
        members: all members.
    """

    missing: int
    members: int

    @property
    def percent(self) -> float:
        """The share of all members, in percent."""
        return 100 * self.missing / self.members if self.members else 0.0


@dataclass(frozen=True)
class MissingMembers:
    """The members whom a file lacks, listed in a file of their own."""

    dynamodb: DynamoDBClient
    table: str
    tombstones: TombstoneKeys
    listed: Path

    def list(self, seen: SeenRows, looked_at: Callable[[int], None]) -> Missing:
        """Read all members, and list those whom no row of the file names.

        Args:
            seen: the rows of the file, rejected ones included.
            looked_at: called with the number of members that were read, from time to time.

        Raises:
            Unavailable: DynamoDB did not respond.
            OSError: the list cannot be written.
        """
        missing = members = 0
        with beside(self.listed) as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(("identifier",))
            for identifier in self._members():
                members += 1
                if not seen.mentions(identifier):
                    missing += 1
                    writer.writerow((identifier,))
                if members % 1_000 == 0:
                    looked_at(members)
        return Missing(missing, members)

    def remove(self, now: Instant, removed: Callable[[], None]) -> None:
        """Remove the members of the list. After a crash, import and remove again: those who remain are listed again.

        Args:
            now: the present moment.
            removed: called after each member.

        Raises:
            Unavailable: DynamoDB did not respond; some members are removed.
        """
        removal = MemberRemoval(self.dynamodb, self.table, self.tombstones)
        with self.listed.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                if removal.remove(Identifier(row["identifier"]), now):
                    removed()

    def _members(self) -> Iterator[Identifier]:
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.table, ProjectionExpression="pk", Select="SPECIFIC_ATTRIBUTES", ConsistentRead=True
        )
        with translate_errors():
            for page in pages:
                for item in page["Items"]:
                    key = item["pk"]["S"]
                    if key.startswith(_PREFIX):
                        yield Identifier(key.removeprefix(_PREFIX))
