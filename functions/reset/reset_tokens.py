"""Tokens that set a PIN: given for a right code, 256 random bits, used once, kept as a hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.values.random_tokens import RandomToken
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from member_access.platform.aws import Item, Write


class ResetToken(RandomToken):
    """A token that sets a PIN."""

    __slots__ = ()
    prefix = "RESET_TOKEN"


@dataclass(frozen=True)
class ResetGrant:
    """The grant that a token stands for.

    Attributes:
        identifier: the member whose PIN may be set.
        credential_version: the member's when the code was verified; a PIN set since makes the token worthless.
        expires_at: from then on the token is refused.
    """

    identifier: Identifier
    credential_version: int
    expires_at: Instant


def put_reset_token(table: str, token: ResetToken, permission: ResetGrant) -> Write:
    """Put a token."""
    return {
        "Put": {
            "TableName": table,
            "Item": {
                "pk": {"S": token.key},
                "identifier": {"S": permission.identifier},
                "credential_version": {"N": str(permission.credential_version)},
                "expires_at": {"N": str(permission.expires_at)},
            },
        }
    }


def grant_from_item(item: Item | None, now: Instant) -> ResetGrant | None:
    """Return the grant in an item if it is still good, or None."""
    if not item or int(item["expires_at"]["N"]) <= now:
        return None
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
