"""``python -m ops keys``: counts the PIN hashes by key and by cost, so that an operator knows when a key may go."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from member_access.members.store import member_key
from member_access.pins.hashing import PinHash
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
    counts, present = count_hashes(desk.stack.dynamodb(), desk.table), desk.stack.output("PinKeyArn")
    data = [
        {"key": key or None, "cost": cost or None, "members": count, "present": key == present}
        for (key, cost), count in sorted(counts.items())
    ]
    return Result(report(counts, present).splitlines(), {"hashes": data})


def count_hashes(dynamodb: DynamoDBClient, table: str) -> Counter[tuple[str, str]]:
    """Count the members by key and cost of their PIN hash; ``NO_PIN`` for those without.

    Raises:
        Unavailable: DynamoDB did not respond.
    """
    counts: Counter[tuple[str, str]] = Counter()
    with translate_errors():
        pages = dynamodb.get_paginator("scan").paginate(
            TableName=table,
            FilterExpression="begins_with(pk, :member)",
            Select="SPECIFIC_ATTRIBUTES",
            ProjectionExpression="pin_hash",
            ExpressionAttributeValues={":member": {"S": member_key(Identifier(""))}},
        )
        for page in pages:
            for item in page["Items"]:
                counts[_made_with(item["pin_hash"]["S"]) if "pin_hash" in item else NO_PIN] += 1
    return counts


def report(counts: Counter[tuple[str, str]], present: str) -> str:
    """Write the counts, one line each, the present key first."""
    rows = sorted(counts, key=lambda made_with: (made_with == NO_PIN, made_with[0] != present, made_with))
    width = max((len(f"{counts[row]:,}") for row in rows), default=1)
    lines = [
        f"{counts[row]:>{width},}  no PIN yet"
        if row == NO_PIN
        else f"{counts[row]:>{width},}  {row[1]}  {row[0]} ({'present' if row[0] == present else 'former'} key)"
        for row in rows
    ]
    former = sum(count for (key, _), count in counts.items() if key not in {present, ""})
    verdict = (
        f"{former:,} members need a former key until they sign in or reset their PIN."
        if former
        else "No hash needs a former key."
    )
    return "\n".join([*lines, verdict])


def _made_with(encoded: str) -> tuple[str, str]:
    pin_hash = PinHash.parse(encoded)
    return pin_hash.key_arn, pin_hash.argon2.split("$")[3]
