"""Reads whose duration does not reveal what was found.

botocore spends some microseconds on every attribute of a response, so enough measurements would reveal who is a
member and which data the table holds. ``UniformReads`` therefore also parses the attributes that an item lacks, from
a made-up response with the same parser, and discards them.
"""

from __future__ import annotations

import base64
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from botocore.parsers import create_parser

from member_access.platform.aws import Item, batch_get

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import Shape
    from mypy_boto3_dynamodb import DynamoDBClient


class ItemTemplate:
    """A complete item of one kind: each attribute that the flow reads, with a value of usual length.

    Attributes:
        item: the item.
    """

    def __init__(self, item: Item) -> None:
        self.item = item
        self._texts = {name: json.dumps({name: value}, default=_binary)[1:-1] for name, value in item.items()}

    def rest(self, found: Item | None) -> bytes:
        """Return a batch response with the attributes that ``found`` lacks; both responses together have two items."""
        lacking = ",".join(text for name, text in self._texts.items() if name not in (found or {}))
        items = "{" + lacking + ("}" if found else "},{}")
        return ('{"Responses":{"":[' + items + "]}}").encode()


def _binary(value: bytes) -> str:
    return base64.b64encode(value).decode()


class UniformReads:
    """Reads items, and parses the attributes that each lacks."""

    def __init__(self, dynamodb: DynamoDBClient) -> None:
        self._dynamodb = dynamodb
        service = dynamodb.meta.service_model
        # The very shapes of the real response: a copy of them would be cold in the processor's cache, for members only.
        self._answer = cast("Shape", service.operation_model("BatchGetItem").output_shape)
        self._parser = create_parser(service.resolved_protocol)

    def batch_get(
        self,
        table: str,
        key: str,
        complete: ItemTemplate,
        others: dict[str, list[str]],
        also: Mapping[tuple[str, str], ItemTemplate] = MappingProxyType({}),
    ) -> dict[tuple[str, str], Item]:
        """Read items uniformly, and others as ``batch_get`` does.

        Args:
            table: the table of the first item.
            key: its partition key.
            complete: its attributes to read.
            others: partition keys by table, for other tables.
            also: the items among the others that are to be read uniformly too, by table and partition key.

        Returns:
            The items found, by table and partition key.

        Raises:
            Unavailable: the read failed, or DynamoDB returned only a part of the items.
        """
        found = batch_get(self._dynamodb, {table: [key], **others}, {table: tuple(complete.item)})
        for where, template in ((table, key), complete), *also.items():
            rest = template.rest(found.get(where))
            self._parser.parse({"body": rest, "headers": {}, "status_code": 200}, self._answer)
        return found
