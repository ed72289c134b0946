"""The keys of a member's passkeys in the Members table, and their removal with the member.

``PASSKEY#<hash of the credential id>`` is a passkey, ``PASSKEYS#<identifier>`` the list of a member's. They stand
beside the member, for they live as long.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import DeleteTypeDef

    from member_access.platform.aws import Item, Write
    from member_access.values.types import Identifier

PasskeyId = NewType("PasskeyId", str)
"""The hash of a credential id (SHA-256, in hexadecimal): names a passkey in keys and in the API."""


def passkey_id(credential_id: bytes) -> PasskeyId:
    """Return the name of the passkey with this credential id."""
    return PasskeyId(hashlib.sha256(credential_id).hexdigest())


def passkey_key(passkey: PasskeyId) -> str:
    """Return the partition key of a passkey."""
    return f"PASSKEY#{passkey}"


def passkeys_key(identifier: Identifier) -> str:
    """Return the partition key of the list of a member's passkeys."""
    return f"PASSKEYS#{identifier}"


@dataclass(frozen=True)
class PasskeyList:
    """The list of a member's passkeys.

    Attributes:
        user_handle: 64 random bytes by which authenticators know the member; None before the first passkey.
        passkeys: the names of the passkeys.
    """

    user_handle: bytes | None = None
    passkeys: tuple[PasskeyId, ...] = ()


def passkey_list_from_item(item: Item | None) -> PasskeyList:
    """Read a list; no item means that the member never had a passkey."""
    return PasskeyList(bytes(item["user_handle"]["B"]), listed_passkeys(item)) if item else PasskeyList()


def listed_passkeys(item: Item | None) -> tuple[PasskeyId, ...]:
    """Return the names of the passkeys in a list."""
    digests = item["digests"]["BS"] if item and "digests" in item else []
    return tuple(PasskeyId(bytes(digest).hex()) for digest in digests)


def delete_passkeys(table: str, identifier: Identifier, item: Item | None) -> list[Write]:
    """Delete a member's list of passkeys and the passkeys in it, unless the list has changed since it was read.

    Where there was no list, it must not have come since: it would outlive its member.
    """
    unchanged: DeleteTypeDef = {
        "TableName": table,
        "Key": {"pk": {"S": passkeys_key(identifier)}},
        "ConditionExpression": "attribute_not_exists(digests)",
    }
    if item and "digests" in item:
        unchanged["ConditionExpression"] = "digests = :seen"
        unchanged["ExpressionAttributeValues"] = {":seen": item["digests"]}
    return [{"Delete": unchanged}, *(_delete(table, passkey_key(passkey)) for passkey in listed_passkeys(item))]


def _delete(table: str, key: str) -> Write:
    return {"Delete": {"TableName": table, "Key": {"pk": {"S": key}}}}
