"""Removes a member from the Members table, and remembers the credential version so that it never goes back.

Sessions, known browsers, codes and tokens name the version of the credential that they belong to. They end with the
member's item, and time to live sweeps them up. If the member comes back, the import starts beyond the removed version:
nothing from before works again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.errors import Conflict, Unavailable
from member_access.members.keyed_hashes import IdentityHash
from member_access.members.store import Credential, identity_key, member_key
from member_access.members.tombstones import Tombstone
from member_access.platform.aws import TransactionCancelled, retrying, translate_errors, write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.tombstones import TombstoneKeys
    from member_access.platform.aws import Item, Write
    from member_access.values.types import Identifier, Instant


class MemberRemoval:
    """Removes members. A removal may be repeated at any time."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, tombstones: TombstoneKeys) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._tombstones = tombstones

    def remove(self, identifier: Identifier, now: Instant) -> bool:
        """Remove a member and the pointer from the identity, and leave a tombstone, all or nothing.

        Returns:
            Whether there was such a member.

        Raises:
            Unavailable: DynamoDB did not respond, or other writes always came first.
        """
        return self._remove(identifier, now)

    @retrying(5)
    def _remove(self, identifier: Identifier, now: Instant) -> bool:
        with translate_errors():
            answer = self._dynamodb.get_item(
                TableName=self._table,
                Key={"pk": {"S": member_key(identifier)}},
                ProjectionExpression="identity_hash, credential_version",
                ConsistentRead=True,
            )
        if "Item" not in answer:
            return False
        try:
            write(self._dynamodb, self._writes(identifier, answer["Item"], now))
        except TransactionCancelled as cancelled:
            if cancelled.is_conflict or any(code == "ConditionalCheckFailed" for code, _ in cancelled.reasons):
                raise Conflict("another write changed the member") from None
            raise Unavailable("TransactWriteItems") from None
        return True

    def _writes(self, identifier: Identifier, item: Item, now: Instant) -> list[Write]:
        version, identity = item["credential_version"], item["identity_hash"]
        # Beyond anything that may be made for the member in this second.
        tombstone = Tombstone(Credential(None, int(version["N"])).next_version(now), now)
        return [
            {
                "Delete": {
                    "TableName": self._table,
                    "Key": {"pk": {"S": member_key(identifier)}},
                    "ConditionExpression": "credential_version = :version AND identity_hash = :identity",
                    "ExpressionAttributeValues": {":version": version, ":identity": identity},
                }
            },
            {
                "Put": {
                    "TableName": self._table,
                    "Item": {"pk": {"S": self._tombstones.of(identifier)}, **tombstone.to_attributes()},
                }
            },
            {
                "Delete": {
                    "TableName": self._table,
                    "Key": {"pk": {"S": identity_key(IdentityHash(identity["S"]))}},
                    "ConditionExpression": "attribute_not_exists(pk) OR identifier = :identifier",
                    "ExpressionAttributeValues": {":identifier": {"S": identifier}},
                }
            },
        ]
