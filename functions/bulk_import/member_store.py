"""The import's reads and conditional writes in the Members table.

The import writes only attributes that come from the insurer's file. The PIN hash, the credential version and, until
an e-mail or postal address changes, the state of that address belong to the flows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from bulk_import.import_rows import MemberDetails
from member_access.errors import Conflict, MemberAccessError, Unavailable
from member_access.members.keyed_hashes import IbanHash, IdentityHash, OwnDataHashes
from member_access.members.store import identity_key, member_key
from member_access.members.tombstones import TOMBSTONE, tombstone_from_item
from member_access.platform.aws import (
    CONDITION_FAILED,
    ConditionFailed,
    TransactionCancelled,
    TransactionThrottled,
    retrying,
    translate_errors,
)
from member_access.values.types import Identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, KeysAndAttributesTypeDef, UpdateTypeDef

    from member_access.members.keyed_hashes import SourceHash
    from member_access.members.tombstones import Tombstone, TombstoneKeys
    from member_access.platform.aws import Item, Write

_OWNED = (
    *(field.name for field in fields(MemberDetails)),
    "identity_hash",
    "iban_hash",
    "own_data_hashes",
    "source_hash",
)


_TRIES = 8
_FIRST_PAUSE_SECONDS = 0.05

_ENVELOPE = (
    "first_name",
    "last_name",
    "address_2",
    "address_3",
    "address_4",
    "address_5",
    "postcode",
    "town",
    "country",
)
"""What a letter-carrier reads."""


class IdentityTaken(MemberAccessError):
    """The NIR, birth date and postcode already belong to another member."""


@dataclass(frozen=True)
class MemberHashes:
    """What the import keeps of the data that no table may hold."""

    identity_hash: IdentityHash
    iban_hash: IbanHash | None
    own_data_hashes: OwnDataHashes
    source_hash: SourceHash

    @classmethod
    def stored(cls, was: Mapping[str, str], source_hash: SourceHash) -> Self | None:
        """Return the hashes of a stored member if they come from the same data, or None."""
        if was.get("source_hash") != source_hash or "own_data_hashes" not in was:
            return None
        return cls(
            IdentityHash(was["identity_hash"]),
            IbanHash(was["iban_hash"]) if "iban_hash" in was else None,
            OwnDataHashes(was["own_data_hashes"]),
            source_hash,
        )


@dataclass(frozen=True)
class MemberRecord:
    """The attributes of a member that the import writes."""

    details: MemberDetails
    hashes: MemberHashes

    def attributes(self) -> dict[str, str]:
        """Return the attributes by name, without empty ones."""
        values = {
            **vars(self.details),
            "email": self.details.email.reveal() if self.details.email else "",
            "language": self.details.language.value,
            **vars(self.hashes),
        }
        return {name: str(value) for name, value in values.items() if value}


class MemberStore:
    """Reads and writes members and the pointers from their identities."""

    def __init__(
        self, dynamodb: DynamoDBClient, table: str, tombstones: TombstoneKeys, pause: Callable[[float], None]
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._tombstones = tombstones
        self._pause = pause

    def fetch(self, identifiers: Sequence[Identifier]) -> dict[Identifier, dict[str, str]]:
        """Fetch the attributes of members that come from the file, at most a hundred members at once.

        Returns:
            The attributes by member, without those who do not exist.

        Raises:
            Unavailable: DynamoDB did not respond, or is too busy for the rest.
        """
        items = self._read([member_key(identifier) for identifier in identifiers], _OWNED)
        members = ({name: value["S"] for name, value in item.items()} for item in items)
        return {Identifier(member["identifier"]): member for member in members}

    def fetch_removed(self, identifiers: Sequence[Identifier]) -> dict[Identifier, Tombstone]:
        """Fetch the tombstones of members, at most a hundred at once.

        Returns:
            The tombstones of those who were removed.

        Raises:
            Unavailable: DynamoDB did not respond, or is too busy for the rest.
        """
        keys = {self._tombstones.of(identifier): identifier for identifier in identifiers}
        return {keys[item["pk"]["S"]]: tombstone_from_item(item) for item in self._read(list(keys), TOMBSTONE)}

    def _read(self, keys: list[str], names: Sequence[str]) -> list[Item]:
        found: list[Item] = []
        wanted: KeysAndAttributesTypeDef = {
            "Keys": [{"pk": {"S": key}} for key in keys],
            "ProjectionExpression": "#" + ", #".join(names),
            "ExpressionAttributeNames": {f"#{name}": name for name in names},
            "ConsistentRead": True,
        }
        for tried in range(_TRIES):
            with translate_errors():
                answer = self._dynamodb.batch_get_item(RequestItems={self._table: wanted})
            found += answer["Responses"].get(self._table, [])
            rest = answer["UnprocessedKeys"].get(self._table)
            if not rest:
                return found
            wanted = {**wanted, "Keys": rest["Keys"]}
            self._pause(_FIRST_PAUSE_SECONDS * 2**tried)
        raise Unavailable("BatchGetItem: UnprocessedKeys")

    def add(self, records: Sequence[MemberRecord], removed: Mapping[Identifier, Tombstone]) -> None:
        """Write new members, without a PIN, and the pointers from their identities: all or none, at most fifty.

        Args:
            records: the members.
            removed: the tombstones of those who were members before: their credentials start at its version.

        Raises:
            IdentityTaken: there is one record, and its identity belongs to another member.
            Conflict: another write added a member first, or was in progress, or an identity is taken.
            Unavailable: DynamoDB did not respond.
        """
        writes: list[Write] = []
        for record in records:
            identifier = record.details.identifier
            item: dict[str, AttributeValueTypeDef] = {name: {"S": value} for name, value in record.attributes().items()}
            tombstone = removed.get(identifier)
            version = tombstone.credential_version if tombstone else 0
            item |= {"pk": {"S": member_key(identifier)}, "credential_version": {"N": str(version)}}
            writes += (
                {
                    "Put": {
                        "TableName": self._table,
                        "Item": item,
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                },
                self._point(record.hashes.identity_hash, identifier),
            )
        self._transact(writes)

    def change(self, was: Mapping[str, str], record: MemberRecord) -> None:
        """Update the changed attributes of a member; with a new identity, move the pointer too.

        Args:
            was: what ``fetch`` returned.
            record: the new state.

        Raises:
            IdentityTaken: the new identity belongs to another member.
            Conflict: another write changed the member's identity first, or was in progress.
            Unavailable: DynamoDB did not respond.
        """
        identifier = record.details.identifier
        update = self._update(was, record)
        if record.hashes.identity_hash == was["identity_hash"]:
            try:
                with translate_errors():
                    self._dynamodb.update_item(**update)
            except ConditionFailed:
                raise Conflict("another write changed the member") from None
            return
        self._transact(
            [
                {"Update": update},
                self._point(record.hashes.identity_hash, identifier),
                {
                    "Delete": {
                        "TableName": self._table,
                        "Key": {"pk": {"S": identity_key(IdentityHash(was["identity_hash"]))}},
                        "ConditionExpression": "attribute_not_exists(pk) OR identifier = :identifier",
                        "ExpressionAttributeValues": {":identifier": {"S": identifier}},
                    }
                },
            ]
        )

    def _update(self, was: Mapping[str, str], record: MemberRecord) -> UpdateTypeDef:
        becomes = record.attributes()
        changed = {name: value for name, value in becomes.items() if was.get(name) != value}
        removed = [name for name in was if name not in becomes]
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in changed) if changed else ""
        # A state belongs to the old address: nothing has come back from a new one yet.
        gone = list(removed)
        if was.get("email") != becomes.get("email"):
            gone += ["email_state", "email_state_at"]
        if any(was.get(name) != becomes.get(name) for name in _ENVELOPE):
            gone += ["address_state", "address_state_at"]
        if gone:
            expression += " REMOVE " + ", ".join(f"#{name}" for name in gone)
        return {
            "TableName": self._table,
            "Key": {"pk": {"S": member_key(record.details.identifier)}},
            "UpdateExpression": expression.strip(),
            "ConditionExpression": "#identity_hash = :was",
            "ExpressionAttributeNames": {f"#{name}": name for name in {*changed, *gone, "identity_hash"}},
            "ExpressionAttributeValues": {
                ":was": {"S": was["identity_hash"]},
                **{f":{name}": {"S": value} for name, value in changed.items()},
            },
        }

    def _point(self, identity_hash: IdentityHash, identifier: Identifier) -> Write:
        return {
            "Put": {
                "TableName": self._table,
                "Item": {"pk": {"S": identity_key(identity_hash)}, "identifier": {"S": identifier}},
                "ConditionExpression": "attribute_not_exists(pk) OR identifier = :identifier",
                "ExpressionAttributeValues": {":identifier": {"S": identifier}},
            }
        }

    def _transact(self, writes: list[Write]) -> None:
        """Write all or nothing: the member first, then the pointer. Wait while DynamoDB throttles."""

        @retrying(_TRIES, on=TransactionThrottled, pause=lambda tried: self._pause(_FIRST_PAUSE_SECONDS * 2**tried))
        def transact() -> None:
            with translate_errors():
                self._dynamodb.transact_write_items(TransactItems=writes)

        try:
            transact()
        except TransactionCancelled as cancelled:
            member, _, *others = [code for code, _ in cancelled.reasons]
            if len(others) > 1:
                raise Conflict("one of many members cannot be written") from None
            if CONDITION_FAILED in (member, *others) or cancelled.is_conflict:
                raise Conflict("another write changed the member") from None
            raise IdentityTaken from None
