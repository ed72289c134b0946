"""The import's reads and conditional writes in the Members table.

The import writes only attributes that come from the insurer's file. The PIN hash, the credential version and, until
an e-mail or postal address changes, the state of that address belong to the flows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bulk_import.import_rows import MemberDetails
from member_access.errors import Conflict, MemberAccessError, Unavailable
from member_access.members.keyed_hashes import IdentityHash
from member_access.members.store import identity_key, member_key
from member_access.platform.aws import ConditionFailed, TransactionCancelled, translate_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, UpdateTypeDef

    from member_access.members.keyed_hashes import IbanHash, OwnDataHashes
    from member_access.platform.aws import Write
    from member_access.values.types import Identifier

_OWNED = (*(field.name for field in fields(MemberDetails)), "identity_hash", "iban_hash", "own_data_hashes")

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
class MemberRecord:
    """The attributes of a member that the import writes."""

    details: MemberDetails
    identity_hash: IdentityHash
    iban_hash: IbanHash | None
    own_data_hashes: OwnDataHashes

    def attributes(self) -> dict[str, str]:
        """Return the attributes by name, without empty ones."""
        values = {
            **vars(self.details),
            "email": self.details.email.reveal() if self.details.email else "",
            "language": self.details.language.value,
            "identity_hash": self.identity_hash,
            "iban_hash": self.iban_hash or "",
            "own_data_hashes": self.own_data_hashes,
        }
        return {name: str(value) for name, value in values.items() if value}


class MemberStore:
    """Reads and writes members and the pointers from their identities."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def fetch(self, identifier: Identifier) -> dict[str, str] | None:
        """Fetch the attributes of a member that come from the file, or None if there is no such member.

        Raises:
            Unavailable: DynamoDB did not respond.
        """
        with translate_errors():
            answer = self._dynamodb.get_item(
                TableName=self._table,
                Key={"pk": {"S": member_key(identifier)}},
                ProjectionExpression="#" + ", #".join(_OWNED),
                ExpressionAttributeNames={f"#{name}": name for name in _OWNED},
                ConsistentRead=True,
            )
        item = answer.get("Item")
        return {name: value["S"] for name, value in item.items()} if item else None

    def add(self, record: MemberRecord) -> None:
        """Write a new member, without a PIN, and the pointer from the identity.

        Raises:
            IdentityTaken: the identity belongs to another member.
            Conflict: another write added the member first, or was in progress.
            Unavailable: DynamoDB did not respond.
        """
        identifier = record.details.identifier
        item: dict[str, AttributeValueTypeDef] = {name: {"S": value} for name, value in record.attributes().items()}
        self._transact(
            [
                {
                    "Put": {
                        "TableName": self._table,
                        "Item": {
                            "pk": {"S": member_key(identifier)},
                            "credential_version": {"N": "0"},
                            **item,
                        },
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                },
                self._point(record.identity_hash, identifier),
            ]
        )

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
        if record.identity_hash == was["identity_hash"]:
            try:
                with translate_errors():
                    self._dynamodb.update_item(**update)
            except ConditionFailed:
                raise Conflict("another write changed the member") from None
            return
        self._transact(
            [
                {"Update": update},
                self._point(record.identity_hash, identifier),
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
        """Write all or nothing: the member first, then the pointer."""
        try:
            with translate_errors():
                self._dynamodb.transact_write_items(TransactItems=writes)
        except TransactionCancelled as cancelled:
            member, pointer, *others = [code for code, _ in cancelled.reasons]
            if "ConditionalCheckFailed" in (member, *others) or cancelled.is_conflict:
                raise Conflict("another write changed the member") from None
            if pointer == "ConditionalCheckFailed":
                raise IdentityTaken from None
            raise Unavailable(f"TransactWriteItems: {member}, {pointer}") from None
