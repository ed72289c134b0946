"""Removes a member from the Members table, and remembers the credential version so that it never goes back.

Sessions, known browsers, codes and tokens name the version of the credential that they belong to. They end with the
member's item, and time to live sweeps them up. If the member comes back, the import starts beyond the removed version:
nothing from before works again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.errors import Conflict
from member_access.members.keyed_hashes import IdentityHash
from member_access.members.passkeys import delete_passkeys, passkeys_key
from member_access.members.store import Credential, identity_key, member_key
from member_access.members.tombstones import TOMBSTONE, Tombstone, tombstone_from_item
from member_access.platform.aws import TransactionCancelled, batch_get, retrying, write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.tombstones import TombstoneKeys
    from member_access.platform.aws import Item, Write
    from member_access.values.types import Identifier, Instant

_READ = tuple(dict.fromkeys(("pk", "credential_version", "identity_hash", "digests", *TOMBSTONE)))


class MemberRemoval:
    """Removes members. A removal may be repeated at any time."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, tombstones: TombstoneKeys) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._tombstones = tombstones

    def remove(self, identifier: Identifier, now: Instant) -> bool:
        """Remove a member who has left; return whether there was such a member.

        Raises:
            Unavailable: DynamoDB did not respond, or other writes always came first.
        """
        key = self._tombstones.of(identifier)
        return retrying(5)(bury)(self._dynamodb, self._table, identifier, key, now) > 0


def bury(  # noqa: PLR0913, PLR0917 - a table, a member and two moments
    dynamodb: DynamoDBClient,
    table: str,
    identifier: Identifier,
    tombstone_key: str,
    now: Instant,
    kept_out_until: Instant | None = None,
) -> int:
    """Put a tombstone in the place of a member, the pointer from their identity and their passkeys, all or nothing.

    Args:
        dynamodb: the client.
        table: the Members table.
        identifier: the member's.
        tombstone_key: the partition key of their tombstone.
        now: the moment of the removal.
        kept_out_until: until then an import does not add the person again. A later time of a tombstone that stands
            already goes on.

    Returns:
        The number of items that went.

    Raises:
        Conflict: a PIN or an import changed the member at the same time, so nothing was written.
        Unavailable: DynamoDB did not respond.
    """
    found = batch_get(
        dynamodb, {table: [member_key(identifier), passkeys_key(identifier), tombstone_key]}, {table: _READ}
    )
    member, stone = found.get((table, member_key(identifier))), found.get((table, tombstone_key))
    former = tombstone_from_item(stone) if stone else None
    if member is None and (former is None or kept_out_until is None):
        return 0
    # Beyond anything that may be made for the member in this second.
    version = Credential(None, int(member["credential_version"]["N"])).next_version(now) if member else 0
    times = (kept_out_until, former.kept_out_until if former else None)
    until = max((one for one in times if one is not None and one > now), default=None)
    tombstone = Tombstone(max(version, former.credential_version if former else 0), now, until)
    put: Write = {"Put": {"TableName": table, "Item": {"pk": {"S": tombstone_key}, **tombstone.to_attributes()}}}
    passkeys = found.get((table, passkeys_key(identifier)))
    deletions = [
        *(_deletions(table, identifier, member) if member else []),
        *delete_passkeys(table, identifier, passkeys),
    ]
    try:
        write(dynamodb, [put, *deletions])
    except TransactionCancelled:
        raise Conflict("another write changed the member") from None
    return len(deletions) if passkeys else len(deletions) - 1


def _deletions(table: str, identifier: Identifier, member: Item) -> list[Write]:
    version, identity = member["credential_version"], member["identity_hash"]
    return [
        {
            "Delete": {
                "TableName": table,
                "Key": {"pk": {"S": member_key(identifier)}},
                "ConditionExpression": "credential_version = :version AND identity_hash = :identity",
                "ExpressionAttributeValues": {":version": version, ":identity": identity},
            }
        },
        {
            "Delete": {
                "TableName": table,
                "Key": {"pk": {"S": identity_key(IdentityHash(identity["S"]))}},
                "ConditionExpression": "attribute_not_exists(pk) OR identifier = :identifier",
                "ExpressionAttributeValues": {":identifier": {"S": identifier}},
            }
        },
    ]
