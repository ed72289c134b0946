"""Members, as far as the flows need them, in the Members table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.aws import ConditionFailed, Item, translated
from member_access.pins import PinHash

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from member_access.types import Identifier


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


def member_key(identifier: Identifier) -> str:
    """The partition key of a member."""
    return f"MEMBER#{identifier}"


def credential_from_item(item: Item | None) -> Credential:
    """The credential in a member's item, or ``NO_CREDENTIAL`` where there is no item."""
    if not item:
        return NO_CREDENTIAL
    stored = item.get("pin_hash")
    return Credential(
        pin_hash=PinHash.parse(stored["S"]) if stored else None,
        version=int(item["credential_version"]["N"]),
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
