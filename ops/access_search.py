"""Searches the Access table for what names a member: the keys of some items follow from nothing but chance.

An e-mail, a letter, a code, a token or a challenge has a random key, so that only a search of the whole table finds all
of a member's. One search serves any number of members. It reads a gigabyte for some ten cents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.platform.aws import Item, translate_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import ScanInputPaginateTypeDef

_MOST_OPERANDS = 50
"""So many members DynamoDB looks for by itself; ``IN`` has at most a hundred operands (expression attributes)."""


def search(
    dynamodb: DynamoDBClient,
    table: str,
    identifiers: Collection[str],
    subjects: Collection[str],
    names: Collection[str],
) -> Iterator[Item]:
    """Yield every item of the Access table that names one of these members.

    Args:
        dynamodb: the client.
        table: the Access table.
        identifiers: of the members.
        subjects: their pseudonyms.
        names: the attributes to read; ``pk``, ``identifier`` and ``subject`` are among them.

    Raises:
        NotAllowed: the operator may not search the table.
        Unavailable: DynamoDB did not respond.
    """
    request: ScanInputPaginateTypeDef = {
        "TableName": table,
        "Select": "SPECIFIC_ATTRIBUTES",
        "ProjectionExpression": ", ".join(f"#{name}" for name in names),
        "ExpressionAttributeNames": {f"#{name}": name for name in names},
        "ConsistentRead": True,
    }
    expression, values = _filter(identifiers, subjects)
    request["FilterExpression"] = expression
    if values:
        request["ExpressionAttributeValues"] = values
    with translate_errors():
        for page in dynamodb.get_paginator("scan").paginate(**request):
            yield from (item for item in page["Items"] if names_one(item, identifiers, subjects))


def names_one(item: Item, identifiers: Collection[str], subjects: Collection[str]) -> bool:
    """Return whether an item names one of these members, by identifier or by pseudonym."""
    return _value(item, "identifier") in identifiers or _value(item, "subject") in subjects


def _value(item: Item, name: str) -> str:
    return item[name]["S"] if name in item else ""


def _filter(identifiers: Collection[str], subjects: Collection[str]) -> tuple[str, Item]:
    if max(len(identifiers), len(subjects)) > _MOST_OPERANDS:
        return "attribute_exists(#identifier) OR attribute_exists(#subject)", {}
    wanted: Item = {f":i{number}": {"S": one} for number, one in enumerate(identifiers)}
    pseudonyms: Item = {f":s{number}": {"S": one} for number, one in enumerate(subjects)}
    expression = f"#identifier IN ({', '.join(wanted)}) OR #subject IN ({', '.join(pseudonyms)})"
    return expression, {**wanted, **pseudonyms}
