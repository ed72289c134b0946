"""Members, as far as the flows need them, in the Members table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.aws import ConditionFailed, Item, translated
from member_access.email_address import EmailAddress
from member_access.pins import PinHash
from member_access.texts import Language
from member_access.types import Identifier

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


@dataclass(frozen=True)
class Credential:
    """What a sign-in needs to know of a member.

    Attributes:
        pin_hash: None for a member who has not set a PIN yet.
        version: grows with every new PIN; sessions and failures belong to a version.
    """

    pin_hash: PinHash | None
    version: int


NO_CREDENTIAL = Credential(pin_hash=None, version=0)
"""What stands for an identifier that nobody has."""


@dataclass(frozen=True)
class Member:
    """What the flows need to know of a member.

    Attributes:
        credential: the PIN's hash and version.
        email: the address, if one is known; None where mail to it has come back.
        postcode: as it was imported.
        language: what the member is written to in.
    """

    identifier: Identifier
    credential: Credential
    email: EmailAddress | None
    postcode: str
    language: Language


def member_key(identifier: Identifier) -> str:
    """The partition key of a member."""
    return f"MEMBER#{identifier}"


def member_from_item(item: Item | None) -> Member | None:
    """The member in an item, or None where there is no item."""
    if not item:
        return None
    pin_hash, email = item.get("pin_hash"), item.get("email")
    return Member(
        identifier=Identifier(item["identifier"]["S"]),
        credential=Credential(
            pin_hash=PinHash.parse(pin_hash["S"]) if pin_hash else None,
            version=int(item["credential_version"]["N"]),
        ),
        email=EmailAddress(email["S"]) if email and "email_state" not in item else None,
        postcode=item["postcode"]["S"] if "postcode" in item else "",
        language=Language(item["language"]["S"]) if "language" in item else Language.FRENCH,
    )


class Members:
    """Named conditional writes to the Members table."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self.table = table

    def upgrade_pin_hash(self, identifier: Identifier, old: PinHash, new: PinHash) -> None:
        """Replace the hash of an unchanged PIN by a newer kind; a PIN that was changed meanwhile stays.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        try:
            with translated():
                self._dynamodb.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": member_key(identifier)}},
                    UpdateExpression="SET pin_hash = :new",
                    ConditionExpression="pin_hash = :old",
                    ExpressionAttributeValues={":new": {"S": new.encode()}, ":old": {"S": old.encode()}},
                )
        except ConditionFailed:
            return

    def new_pin(self, identifier: Identifier, seen_version: int, pin_hash: PinHash) -> TransactWriteItemTypeDef:
        """The part of a transaction that sets a PIN, provided that no other was set meanwhile."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": member_key(identifier)}},
                "UpdateExpression": "SET pin_hash = :hash, credential_version = :next",
                "ConditionExpression": "credential_version = :seen",
                "ExpressionAttributeValues": {
                    ":hash": {"S": pin_hash.encode()},
                    ":next": {"N": str(seen_version + 1)},
                    ":seen": {"N": str(seen_version)},
                },
            }
        }

    def unchanged_credential(self, identifier: Identifier, version: int) -> TransactWriteItemTypeDef:
        """The part of a transaction that insists on the PIN being still the same."""
        return {
            "ConditionCheck": {
                "TableName": self.table,
                "Key": {"pk": {"S": member_key(identifier)}},
                "ConditionExpression": "credential_version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(version)}},
            }
        }
