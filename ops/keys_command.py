"""``python -m ops keys``: counts the PIN hashes by key and by cost, so that an operator knows when a key may go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from member_access.members.store import member_key
from member_access.pins.pin_hash import PinHash
from member_access.platform.aws import translate_errors
from member_access.values.types import Identifier
from ops.command import command
from ops.desk import Desk, ExitStatus, Result

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NO_PIN = ("", "")
"""Key and cost of members without a PIN."""


@command(
    "keys",
    "Count the PIN hashes by key and cost.",
    "Count the stored PIN hashes by the KMS key and the cost that they were made with. Members whose key or cost you "
    "remove must reset their PIN. Reads the whole Members table.",
    {ExitStatus.DONE: "if the hashes were counted"},
)
def keys_command(desk: Desk) -> Result:
    """Count the hashes of a stack.

    Raises:
        StackNotFound: the stack was deployed from another template.
        Unavailable: DynamoDB did not respond.
    """
    hashes, present = count_hashes(desk.stack.dynamodb(), desk.table), desk.stack.output("PinKeyArn")
    data = [
        {
            "key": key or None,
            "cost": cost or None,
            "members": count,
            "present": key == present,
            "latest_credential_version": hashes.latest[key, cost],
        }
        for (key, cost), count in sorted(hashes.counts.items())
    ]
    return Result(report(hashes, present).splitlines(), {"hashes": data})


@dataclass
class Hashes:
    """The PIN hashes by key and cost; ``NO_PIN`` for members without one.

    Attributes:
        counts: how many members have one.
        latest: the highest credential version of these members: the time of the latest new PIN.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    latest: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, made_with: tuple[str, str], credential_version: int) -> None:
        """Count one member."""
        self.counts[made_with] += 1
        self.latest[made_with] = max(self.latest.get(made_with, 0), credential_version)


def count_hashes(dynamodb: DynamoDBClient, table: str) -> Hashes:
    """Count the members by key and cost of their PIN hash.

    Raises:
        Unavailable: DynamoDB did not respond.
    """
    hashes = Hashes()
    with translate_errors():
        pages = dynamodb.get_paginator("scan").paginate(
            TableName=table,
            FilterExpression="begins_with(pk, :member)",
            Select="SPECIFIC_ATTRIBUTES",
            ProjectionExpression="pin_hash, credential_version",
            ExpressionAttributeValues={":member": {"S": member_key(Identifier(""))}},
        )
        for page in pages:
            for item in page["Items"]:
                made_with = _made_with(item["pin_hash"]["S"]) if "pin_hash" in item else NO_PIN
                hashes.add(made_with, int(item["credential_version"]["N"]))
    return hashes


def report(hashes: Hashes, present: str) -> str:
    """Write the counts, one line each, the present key first, and when the former keys can go."""
    counts = hashes.counts
    rows = sorted(counts, key=lambda made_with: (made_with == NO_PIN, made_with[0] != present, made_with))
    width = max((len(f"{counts[row]:,}") for row in rows), default=1)
    lines = [
        f"{counts[row]:>{width},}  no PIN yet"
        if row == NO_PIN
        else f"{counts[row]:>{width},}  {row[1]}  {row[0]} ({'present' if row[0] == present else 'former'} key)"
        for row in rows
    ]
    former = [row for row in counts if row[0] not in {present, ""}]
    if not former:
        return "\n".join([*lines, "No hash needs a former key: all former keys can go."])
    # A sign-in makes the hash again with the present key.
    latest = datetime.fromtimestamp(max(hashes.latest[row] for row in former), UTC).date()
    number = sum(counts[row] for row in former)
    verdict = [
        f"{number:,} members need a former key until they sign in or reset their PIN.",
        f"None of them has signed in since the present key serves; the latest of their PINs is of {latest}.",
        "A former key can go once they may reset their PIN by a code: without it they must.",
    ]
    return "\n".join([*lines, *verdict])


def _made_with(encoded: str) -> tuple[str, str]:
    pin_hash = PinHash.parse(encoded)
    return pin_hash.key_arn, pin_hash.argon2.split("$")[3]
