"""Tables in memory for tests with thousands of transactions: moto copies all tables for each of them.

It knows the calls and the expressions of invitations, and refuses all others.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Item = dict[str, Any]
_ATOM = re.compile(
    r"attribute_(?P<exists>not_exists|exists)\((?P<name>\w+)\)|(?P<left>\w+) (?P<sign>[=<]) (?P<value>:\w+)"
)


@dataclass
class TablesInMemory:
    """A client of DynamoDB.

    Attributes:
        tables: items by table and partition key.
        called: called before and after each call has its effect.
    """

    tables: dict[str, dict[str, Item]] = field(default_factory=dict)
    called: Callable[[], None] = lambda: None

    def table(self, name: str) -> dict[str, Item]:
        """Return the items of a table by partition key."""
        return self.tables.setdefault(name, {})

    def batch_get_item(self, RequestItems: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803 - botocore's name
        """Read items."""
        with self._call():
            found = {
                table: [self.table(table)[key] for one in asked["Keys"] if (key := one["pk"]["S"]) in self.table(table)]
                for table, asked in RequestItems.items()
            }
        return {"Responses": found, "UnprocessedKeys": {}}

    def get_item(self, TableName: str, Key: Item, **_: object) -> dict[str, Any]:  # noqa: N803 - botocore's names
        """Read an item."""
        with self._call():
            found = self.table(TableName).get(Key["pk"]["S"])
        return {"Item": found} if found else {}

    def transact_write_items(self, TransactItems: list[dict[str, Any]]) -> None:  # noqa: N803 - botocore's name
        """Write all items, or none."""
        with self._call():
            parts = [next(iter(part.values())) for part in TransactItems]
            olds = [
                self.table(part["TableName"]).get((part.get("Item") or part["Key"])["pk"]["S"], {}) for part in parts
            ]
            held = [_holds(part, old) for part, old in zip(parts, olds, strict=True)]
            if not all(held):
                reasons = [{"Code": "None" if one else "ConditionalCheckFailed"} for one in held]
                response: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
                raise ClientError(response, "TransactWriteItems")
            for part, old in zip(parts, olds, strict=True):
                new = part["Item"] if "Item" in part else _updated(part, old)
                self.table(part["TableName"])[new["pk"]["S"]] = new

    def get_paginator(self, operation: str) -> TablesInMemory:
        """Return the paginator of a scan."""
        assert operation == "scan"
        return self

    def paginate(self, TableName: str, FilterExpression: str, **_: object) -> Iterator[dict[str, Any]]:  # noqa: N803 - botocore's names
        """Yield the pages of a scan for members without a PIN."""
        assert FilterExpression == "begins_with(pk, :member) AND attribute_not_exists(pin_hash)"
        items = list(self.table(TableName).values())
        for start in range(0, len(items), 1000):
            with self._call():
                yield {"Items": items[start : start + 1000]}

    @contextmanager
    def _call(self) -> Iterator[None]:
        self.called()
        yield
        self.called()


def _holds(part: Mapping[str, Any], old: Item) -> bool:
    values = part.get("ExpressionAttributeValues", {})
    return any(
        all(_atom_holds(atom, old, values) for atom in every.split(" AND "))
        for every in part["ConditionExpression"].split(" OR ")
    )


def _atom_holds(text: str, old: Item, values: Mapping[str, Any]) -> bool:
    atom = _ATOM.fullmatch(text)
    assert atom, text
    if atom["exists"]:
        return (atom["name"] in old) is (atom["exists"] == "exists")
    if atom["left"] not in old:
        return False
    left, right = int(old[atom["left"]]["N"]), int(values[atom["value"]]["N"])
    return left == right if atom["sign"] == "=" else left < right


def _updated(part: Mapping[str, Any], old: Item) -> Item:
    values, new = part["ExpressionAttributeValues"], {**old, **part["Key"]}
    sets, _, adds = part["UpdateExpression"].removeprefix("SET ").partition(" ADD ")
    for one in sets.split(", "):
        name, _, value = one.partition(" = ")
        new[name] = values[value]
    for one in filter(None, adds.split(", ")):
        name, _, value = one.partition(" ")
        new[name] = {"N": str(int(new.get(name, {"N": "0"})["N"]) + int(values[value]["N"]))}
    return new
