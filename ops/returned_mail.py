"""Reads and clears the marks of postal addresses from which letters came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.members.store import LetterOutcome, member_key
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

_ATTRIBUTES = ("pk", "address_state_at", "letter_state", "letter_state_at")


@dataclass(frozen=True)
class ReturnedAddress:
    """A marked address.

    Attributes:
        since: when it was marked.
        asked_at: when a letter to it was last given up, so that the member waits in vain; None if none was.
    """

    identifier: Identifier
    since: Instant
    asked_at: Instant | None


def returned_addresses(dynamodb: DynamoDBClient, table: str) -> Iterator[ReturnedAddress]:
    """Yield all marked addresses; reads the whole table, page by page.

    Raises:
        Unavailable: DynamoDB did not respond.
    """
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        Select="SPECIFIC_ATTRIBUTES",
        ProjectionExpression=", ".join(_ATTRIBUTES),
        FilterExpression="attribute_exists(address_state)",
    )
    with translate_errors():
        for page in pages:
            for item in page["Items"]:
                since = Instant(int(item["address_state_at"]["N"]))
                is_given_up = item.get("letter_state") == {"S": LetterOutcome.REJECTED}
                asked_at = Instant(int(item["letter_state_at"]["N"])) if is_given_up else None
                identifier = Identifier(item["pk"]["S"].removeprefix(member_key(Identifier(""))))
                yield ReturnedAddress(identifier, since, asked_at if asked_at and asked_at >= since else None)


def clear_address(dynamodb: DynamoDBClient, table: str, identifier: Identifier) -> bool:
    """Remove the mark of an address; return whether there was one.

    Raises:
        Unavailable: DynamoDB did not respond.
    """
    try:
        with translate_errors():
            dynamodb.update_item(
                TableName=table,
                Key={"pk": {"S": member_key(identifier)}},
                UpdateExpression="REMOVE address_state, address_state_at",
                ConditionExpression="attribute_exists(address_state)",
            )
    except ConditionFailed:
        return False
    return True
