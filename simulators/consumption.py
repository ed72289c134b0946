"""Counts what AWS bills for the calls of some clients: request units of DynamoDB, and calls of the other services.

moto does not compute capacity, so the documented rules are applied to the items as they are stored before and after
each call (DynamoDB developer guide: "DynamoDB read and write operations", "DynamoDB item sizes and formats",
"Using Global Secondary Indexes in DynamoDB").
"""

from __future__ import annotations

import math
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from botocore.client import BaseClient
    from botocore.model import OperationModel
    from mypy_boto3_dynamodb import DynamoDBClient

RRU, WRU = "dynamodb:ReadRequestUnits", "dynamodb:WriteRequestUnits"
"""Names of the units among the counts; each other count has the name of its operation, such as ``kms:Sign``."""

Item = dict[str, Any]

_READ_UNIT, _WRITE_UNIT = 4096, 1024
_OF_A_LIST_OR_MAP, _OF_AN_ELEMENT = 3, 1
_WRITES = {"PutItem": "Item", "UpdateItem": "Key", "DeleteItem": "Key"}
_PARTS = {"Put": "Item", "Update": "Key", "Delete": "Key", "ConditionCheck": "Key"}
_READS = {"GetItem", "BatchGetItem"}
_WRITES_SEEN = "writes"


def item_size(item: Mapping[str, Any]) -> int:
    """Compute the size of an item in bytes: that of its names and of its values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


class Consumption:
    """What some calls have consumed.

    Attributes:
        counts: units, and the number of calls by operation.
        writes: write units by the kind of write and of item, such as ``("Put", "SESSION#")``.
    """

    def __init__(self, looking: DynamoDBClient) -> None:
        self.counts: Counter[str] = Counter()
        self.writes: Counter[tuple[str, str]] = Counter()
        self._looking = looking
        self._index_keys: dict[str, list[set[str]]] = {}

    def starts(self, params: Mapping[str, Any], model: OperationModel, context: Item, **_: object) -> None:
        """Botocore's ``before-parameter-build`` handler: count a read, and remember what a write will change."""
        service = model.service_model.service_name
        if service != "dynamodb":
            self.counts[f"{service}:{model.name}"] += 1
            return
        writes = list(_writes(model.name, params))
        if not writes and model.name not in _READS:
            raise NotImplementedError(f"the units of dynamodb:{model.name}")
        for table, key in _reads(model.name, params):
            self.counts[RRU] += _units(item_size(self._stored(table, key)), _READ_UNIT)
        context[_WRITES_SEEN] = [(kind, table, key, self._stored(table, key)) for kind, table, key in writes]

    def ended(self, model: OperationModel, context: Item, **_: object) -> None:
        """Botocore's ``after-call`` handler: count the writes, which cost the same if their condition is not met."""
        in_transaction = 2 if model.name == "TransactWriteItems" else 1
        for kind, table, key, before in context.get(_WRITES_SEEN, ()):
            after = self._stored(table, key)
            units = in_transaction * _units(max(item_size(before), item_size(after)), _WRITE_UNIT)
            units += sum(_index_units(keys, before, after) for keys in self._indexes(table))
            self.counts[WRU] += units
            self.writes[kind, _kind_of_item(key)] += units

    def _stored(self, table: str, key: Item) -> Item:
        found = self._looking.get_item(TableName=table, Key={"pk": key["pk"]}, ConsistentRead=True)
        return dict(found.get("Item", {}))

    def _indexes(self, table: str) -> list[set[str]]:
        if table not in self._index_keys:
            described = self._looking.describe_table(TableName=table)["Table"]
            self._index_keys[table] = [
                {key["AttributeName"] for key in index["KeySchema"]}
                for index in described.get("GlobalSecondaryIndexes", [])
            ]
        return self._index_keys[table]


@contextmanager
def consumption(looking: DynamoDBClient, *clients: BaseClient) -> Iterator[Consumption]:
    """Count the calls of some clients until the end of the block.

    Args:
        looking: another client, which reads the items before and after each write.
        clients: those whose calls count.
    """
    counted = Consumption(looking)
    for client in clients:
        client.meta.events.register("before-parameter-build", counted.starts)
        client.meta.events.register("after-call", counted.ended)
    try:
        yield counted
    finally:
        for client in clients:
            client.meta.events.unregister("before-parameter-build", counted.starts)
            client.meta.events.unregister("after-call", counted.ended)


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    return _SIZES[kind](content)


def _number_size(digits: str) -> int:
    """Count a byte for two significant digits, and one more; zeros at either end do not count."""
    return math.ceil(len(digits.lstrip("-").replace(".", "").strip("0")) / 2) + 1


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": _number_size,
    "B": lambda binary: len(bytes(binary)),
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "L": lambda values: _OF_A_LIST_OR_MAP + sum(_OF_AN_ELEMENT + _value_size(one) for one in values),
    "M": lambda values: _OF_A_LIST_OR_MAP + _OF_AN_ELEMENT * len(values) + item_size(values),
    "SS": lambda values: sum(len(one.encode()) for one in values),
}
"""The size of a value by its type; an unknown type is an error."""


def _kind_of_item(key: Item) -> str:
    kind, separator, _ = key["pk"]["S"].partition("#")
    return f"{kind}{separator}"


def _units(size: int, unit: int) -> int:
    """Round up to whole units: an item that is missing costs as much as a small one."""
    return max(1, math.ceil(size / unit))


def _index_units(keys: set[str], before: Item, after: Item) -> int:
    """Count the writes of an index with all attributes: none for items outside it, two if its key changes."""
    was, becomes = (item if keys <= item.keys() else {} for item in (before, after))
    if was == becomes:
        return 0
    has_moved = was and becomes and any(was[key] != becomes[key] for key in keys)
    changed = [was, becomes] if has_moved else [becomes or was]
    return sum(_units(item_size(item), _WRITE_UNIT) for item in changed)


def _reads(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, Item]]:
    """Yield table and key of each item that a call reads; all reads must be strongly consistent."""
    match operation:
        case "GetItem":
            requests = [(params["TableName"], params, [params["Key"]])]
        case "BatchGetItem":
            requests = [(table, request, request["Keys"]) for table, request in params["RequestItems"].items()]
        case _:
            return
    for table, request, keys in requests:
        if not request.get("ConsistentRead"):
            raise NotImplementedError("the units of a read that is eventually consistent")
        yield from ((table, key) for key in keys)


def _writes(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str, Item]]:
    """Yield kind, table and key of each item that a call writes or checks."""
    if operation in _WRITES:
        yield operation.removesuffix("Item"), params["TableName"], params[_WRITES[operation]]
    elif operation == "TransactWriteItems":
        for part in params["TransactItems"]:
            ((kind, request),) = part.items()
            yield kind, request["TableName"], request[_PARTS[kind]]
