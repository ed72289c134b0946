"""Tokens that set a PIN: given for a right code, 256 random bits, kept as a hash.

A token sets one PIN. Each use is claimed before anything is compared, because a comparison tells whether a PIN is the
member's present one: ``USES`` in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.random_tokens import RandomToken
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.platform.aws import Item, Write

USES = 5
"""How often a token may be tried, weak PINs included."""


class ResetToken(RandomToken):
    """A token that sets a PIN."""

    __slots__ = ()
    prefix = "RESET_TOKEN"


class ResetGrant(NamedTuple):
    """The grant that a token stands for.

    Attributes:
        identifier: the member whose PIN may be set.
        credential_version: the member's when the code was verified; a PIN set since makes the token worthless.
        expires_at: from then on the token is refused.
    """

    identifier: Identifier
    credential_version: int
    expires_at: Instant


def put_reset_token(table: str, token: ResetToken, grant: ResetGrant) -> Write:
    """Put a token."""
    return {
        "Put": {
            "TableName": table,
            "Item": {
                "pk": {"S": token.key},
                "identifier": {"S": grant.identifier},
                "credential_version": {"N": str(grant.credential_version)},
                "uses": {"N": str(USES)},
                "expires_at": {"N": str(grant.expires_at)},
            },
        }
    }


def claim_use(dynamodb: DynamoDBClient, table: str, token: ResetToken, now: Instant) -> ResetGrant | None:
    """Spend a use of a token and return its grant, or None if the token is wrong, expired or used up.

    Raises:
        Unavailable: DynamoDB did not answer; nothing may be compared.
    """
    try:
        with translate_errors():
            answer = dynamodb.update_item(
                TableName=table,
                Key={"pk": {"S": token.key}},
                UpdateExpression="SET uses = uses - :one",
                ConditionExpression="uses >= :one AND expires_at > :now",
                ExpressionAttributeValues={":one": {"N": "1"}, ":now": {"N": str(now)}},
                ReturnValues="ALL_NEW",
            )
    except ConditionFailed:
        return None
    return _grant(answer["Attributes"])


def _grant(item: Item) -> ResetGrant:
    return ResetGrant(
        identifier=Identifier(item["identifier"]["S"]),
        credential_version=int(item["credential_version"]["N"]),
        expires_at=Instant(int(item["expires_at"]["N"])),
    )


def delete_reset_token(table: str, token: ResetToken) -> Write:
    """Delete a used token; of two concurrent uses, only one succeeds."""
    return {
        "Delete": {
            "TableName": table,
            "Key": {"pk": {"S": token.key}},
            "ConditionExpression": "attribute_exists(pk)",
        }
    }
