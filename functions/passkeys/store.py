"""Passkeys in the Members table: conditional writes, each named by what it writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from member_access.members.passkeys import (
    PasskeyId,
    passkey_id,
    passkey_key,
    passkey_list_from_item,
    passkeys_key,
)
from member_access.members.store import member_from_item, member_key
from member_access.platform.aws import batch_get, translate_errors
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.passkeys import PasskeyList
    from member_access.members.store import Member
    from member_access.platform.aws import Item, Write

MOST_PASSKEYS: Final = 10
"""Passkeys of a member."""

_OF_MEMBER: Final = ("pk", "identifier", "credential_version", "email", "email_state", "email_state_at")


@dataclass(frozen=True)
class Passkey:
    """A passkey as stored.

    Attributes:
        credential_id: its name for the authenticator.
        identifier: the member whom it signs in.
        user_handle: the authenticator's name for the member.
        public_key: a COSE key.
        sign_count: the highest count of signatures seen; 0 from authenticators that do not count.
        name: for the member to tell passkeys apart.
        created_at: when it was added.
        last_used_at: the last sign-in, or None before the first.
    """

    credential_id: bytes
    identifier: Identifier
    user_handle: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: Instant
    last_used_at: Instant | None = None

    @property
    def id(self) -> PasskeyId:
        """Its name in keys and in the API."""
        return passkey_id(self.credential_id)


def passkey_from_item(item: Item | None) -> Passkey | None:
    """Read a passkey, or None."""
    if not item:
        return None
    return Passkey(
        credential_id=bytes(item["credential_id"]["B"]),
        identifier=Identifier(item["identifier"]["S"]),
        user_handle=bytes(item["user_handle"]["B"]),
        public_key=bytes(item["public_key"]["B"]),
        sign_count=int(item["sign_count"]["N"]),
        name=item["name"]["S"],
        created_at=Instant(int(item["created_at"]["N"])),
        last_used_at=Instant(int(item["last_used_at"]["N"])) if "last_used_at" in item else None,
    )


class Passkeys:
    """Reads and conditional writes of passkeys."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self.table = table

    def member(self, identifier: Identifier, now: Instant) -> Member | None:
        """Read a member without the hash of the PIN: this function may use the key of these hashes.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        with translate_errors():
            answer = self._dynamodb.get_item(
                TableName=self.table,
                Key={"pk": {"S": member_key(identifier)}},
                ProjectionExpression=", ".join(_OF_MEMBER),
                ConsistentRead=True,
            )
        return member_from_item(answer.get("Item"), now)

    def list_of(self, identifier: Identifier) -> PasskeyList:
        """Read the list of a member's passkeys.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        key = passkeys_key(identifier)
        return passkey_list_from_item(batch_get(self._dynamodb, {self.table: [key]}).get((self.table, key)))

    def all_of(self, ids: Sequence[PasskeyId]) -> list[Passkey]:
        """Read passkeys, the oldest first.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        if not ids:
            return []
        items = batch_get(self._dynamodb, {self.table: [passkey_key(one) for one in ids]}).values()
        found = [passkey for item in items if (passkey := passkey_from_item(item))]
        return sorted(found, key=lambda passkey: (passkey.created_at, passkey.id))

    def put_passkey(self, passkey: Passkey) -> Write:
        """Put a new passkey, unless one of this credential id exists (WebAuthn §7.1, step 26)."""
        return {
            "Put": {
                "TableName": self.table,
                "Item": {
                    "pk": {"S": passkey_key(passkey.id)},
                    "credential_id": {"B": passkey.credential_id},
                    "identifier": {"S": passkey.identifier},
                    "user_handle": {"B": passkey.user_handle},
                    "public_key": {"B": passkey.public_key},
                    "sign_count": {"N": str(passkey.sign_count)},
                    "name": {"S": passkey.name},
                    "created_at": {"N": str(passkey.created_at)},
                },
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def list_passkey(self, passkey: Passkey) -> Write:
        """Add a passkey to its member's list, if there is room and the list has its user handle or none yet."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": passkeys_key(passkey.identifier)}},
                "UpdateExpression": "SET user_handle = :handle ADD digests :one",
                "ConditionExpression": (
                    "(attribute_not_exists(user_handle) OR user_handle = :handle) "
                    "AND (attribute_not_exists(digests) OR size(digests) < :most)"
                ),
                "ExpressionAttributeValues": {
                    ":handle": {"B": passkey.user_handle},
                    ":one": {"BS": [bytes.fromhex(passkey.id)]},
                    ":most": {"N": str(MOST_PASSKEYS)},
                },
            }
        }

    def use_passkey(self, passkey: Passkey, sign_count: int, now: Instant) -> Write:
        """Note a sign-in, unless the passkey is gone or its count has reached this one already.

        Args:
            passkey: as read.
            sign_count: that of the authenticator; 0 from one that does not count, which leaves the stored count.
            now: the moment of the sign-in.
        """
        counts = sign_count > 0
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": passkey_key(passkey.id)}},
                "UpdateExpression": "SET last_used_at = :now" + (", sign_count = :count" if counts else ""),
                "ConditionExpression": "identifier = :identifier" + (" AND sign_count < :count" if counts else ""),
                "ExpressionAttributeValues": {
                    ":now": {"N": str(now)},
                    ":identifier": {"S": passkey.identifier},
                    **({":count": {"N": str(sign_count)}} if counts else {}),
                },
            }
        }

    def delete_passkey(self, passkey: PasskeyId, identifier: Identifier) -> Write:
        """Delete a passkey, if it is this member's."""
        return {
            "Delete": {
                "TableName": self.table,
                "Key": {"pk": {"S": passkey_key(passkey)}},
                "ConditionExpression": "identifier = :identifier",
                "ExpressionAttributeValues": {":identifier": {"S": identifier}},
            }
        }

    def unlist_passkey(self, passkey: PasskeyId, identifier: Identifier) -> Write:
        """Take a passkey off its member's list."""
        digest = bytes.fromhex(passkey)
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": passkeys_key(identifier)}},
                "UpdateExpression": "DELETE digests :one",
                "ConditionExpression": "contains(digests, :digest)",
                "ExpressionAttributeValues": {":one": {"BS": [digest]}, ":digest": {"B": digest}},
            }
        }
