"""Reads of which the time does not tell what was found.

botocore spends some microseconds on every attribute of an answer, so enough measurements would tell who is a member,
and what is known of them. Here the attributes that an item lacks of a complete one are parsed all the same, from an
answer that is made up, by the same parser, and thrown away: what a caller can measure is the same for everybody.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.parsers import create_parser

from member_access.platform.aws import Item, batch_get

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ItemTemplate:
    """An item with all the attributes that are read of its kind, each with a value of usual length.

    Attributes:
        item: the item.
    """

    def __init__(self, item: Item) -> None:
        self.item = item
        self._texts = {name: json.dumps({name: value})[1:-1] for name, value in item.items()}

    def rest(self, found: Item | None) -> bytes:
        """A batch's answer with the attributes that were not found; with what was found it makes two items."""
        lacking = ",".join(text for name, text in self._texts.items() if name not in (found or {}))
        items = "{" + lacking + ("}" if found else "},{}")
        return ('{"Responses":{"":[' + items + "]}}").encode()


class UniformReads:
    """Reads items, each together with what it lacks."""

    def __init__(self, dynamodb: DynamoDBClient) -> None:
        self._dynamodb = dynamodb
        service = dynamodb.meta.service_model
        self._answer = service.shape_for("BatchGetItemOutput")
        self._parser = create_parser(service.resolved_protocol)

    def batch_get(
        self, table: str, key: str, complete: ItemTemplate, others: dict[str, list[str]]
    ) -> dict[tuple[str, str], Item]:
        """Read one item evenly, and others as ``batch_get`` does.

        Args:
            table: where the item is.
            key: its partition key.
            complete: what is read of it.
            others: partition keys by table; of other tables.

        Returns:
            The items found, by table and partition key.

        Raises:
            Unavailable: the read failed, or DynamoDB answered only a part of it.
        """
        found = batch_get(self._dynamodb, {table: [key], **others}, {table: tuple(complete.item)})
        rest = complete.rest(found.get((table, key)))
        self._parser.parse({"body": rest, "headers": {}, "status_code": 200}, self._answer)
        return found
