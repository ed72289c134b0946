"""Reads of members by this function: no hash of a PIN, for it may use the key of these hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailings.policy import JUDGED_ATTRIBUTES
from member_access.members.store import member_key
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.platform.aws import Item
    from member_access.values.types import Identifier


def read_member(dynamodb: DynamoDBClient, table: str, identifier: Identifier) -> Item | None:
    """Read a member, strongly consistent, or None if there is no such member.

    One by one, because IAM decides on the attributes of a GetItem; whether it does on those of a part of a batch is
    not documented.

    Raises:
        Unavailable: DynamoDB did not answer.
    """
    with translate_errors():
        answer = dynamodb.get_item(
            TableName=table,
            Key={"pk": {"S": member_key(identifier)}},
            ProjectionExpression=", ".join((*JUDGED_ATTRIBUTES, "identifier")),
            ConsistentRead=True,
        )
    return answer.get("Item")
