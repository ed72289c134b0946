"""Reads the tables as they are, past the code under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from simulators.cloud import Cloud

Item: TypeAlias = dict[str, Any]
"""An item as DynamoDB gives it: attribute values by type."""


def items(cloud: Cloud, prefix: str = "", table: str = "AccessTable") -> list[Item]:
    """The items of a table whose partition key begins so."""
    found = cloud.dynamodb.scan(TableName=cloud.tables[table], ConsistentRead=True)["Items"]
    return [dict(item) for item in found if item["pk"]["S"].startswith(prefix)]


def stored_text(cloud: Cloud) -> str:
    """All items of all tables as one text, to search for secrets."""
    return repr([items(cloud, table=table) for table in cloud.tables])
