"""Sessions in the Access table."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from member_access.errors import Conflict
from member_access.platform.aws import Item, TransactionCancelled, transact, translate_errors
from member_access.sessions.policy import Session, SessionPolicy
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.platform.aws import Write


class CredentialChanged(Enum):
    """The result of a write to a session whose member has set a new PIN since its start."""

    CREDENTIAL_CHANGED = auto()


CREDENTIAL_CHANGED = CredentialChanged.CREDENTIAL_CHANGED


class Sessions:
    """Conditional writes of sessions."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, policy: SessionPolicy) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.policy = policy

    def find(self, id_hash: str) -> Session | None:
        """Read a session, strongly consistent.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        with translate_errors():
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"pk": {"S": _key(id_hash)}}, ConsistentRead=True
            )
        item = answer.get("Item")
        return _from_item(item) if item else None

    def put_session(self, session: Session) -> Write:
        """Put a new session."""
        return {
            "Put": {
                "TableName": self._table,
                "Item": self._to_item(session),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def delete_session(self, digest: bytes) -> Write:
        """Delete a session that a newer one has pushed out."""
        return {"Delete": {"TableName": self._table, "Key": {"pk": {"S": _key(digest.hex())}}}}

    def rotate(self, seen: Session, rotated: Session, credential_check: Write) -> CredentialChanged | None:
        """Replace the token of a session, unless the session or the member's PIN has changed.

        Raises:
            Conflict: another refresh came first.
            Unavailable: DynamoDB did not answer.
        """
        return self._guarded(
            credential_check,
            {
                "Put": {
                    "TableName": self._table,
                    "Item": self._to_item(rotated),
                    "ConditionExpression": "token_hash = :seen",
                    "ExpressionAttributeValues": {":seen": {"S": seen.token_hash}},
                }
            },
        )

    def confirm(self, seen: Session, credential_check: Write) -> CredentialChanged | None:
        """Check that neither the session nor the member's PIN has changed.

        Raises:
            Conflict: another refresh came first.
            Unavailable: DynamoDB did not answer.
        """
        return self._guarded(
            credential_check,
            {
                "ConditionCheck": {
                    "TableName": self._table,
                    "Key": {"pk": {"S": _key(seen.id_hash)}},
                    "ConditionExpression": "token_hash = :seen",
                    "ExpressionAttributeValues": {":seen": {"S": seen.token_hash}},
                }
            },
        )

    def end(self, id_hash: str) -> Session | None:
        """Delete a session and return it, or None if it does not exist.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        with translate_errors():
            answer = self._dynamodb.delete_item(
                TableName=self._table, Key={"pk": {"S": _key(id_hash)}}, ReturnValues="ALL_OLD"
            )
        item = answer.get("Attributes")
        return _from_item(item) if item else None

    def _guarded(self, credential_check: Write, write: Write) -> CredentialChanged | None:
        try:
            transact(self._dynamodb, [credential_check, write])
        except TransactionCancelled as cancelled:
            if cancelled.reasons and cancelled.reasons[0][0] == "ConditionalCheckFailed":
                return CREDENTIAL_CHANGED
            raise Conflict("another refresh came first") from None
        return None

    def _to_item(self, session: Session) -> Item:
        item: Item = {
            "pk": {"S": _key(session.id_hash)},
            "identifier": {"S": session.identifier},
            "credential_version": {"N": str(session.credential_version)},
            "started_at": {"N": str(session.started_at)},
            "rotated_at": {"N": str(session.rotated_at)},
            "chain_key": {"B": session.chain_key},
            "token_hash": {"S": session.token_hash},
            "expires_at": {"N": str(session.ends_at(self.policy))},
        }
        if session.previous_hash is not None:
            item["previous_hash"] = {"S": session.previous_hash}
        return item


_PREFIX = "SESSION#"


def _key(id_hash: str) -> str:
    return f"{_PREFIX}{id_hash}"


def _from_item(item: Item) -> Session:
    previous = item.get("previous_hash")
    return Session(
        id_hash=item["pk"]["S"].removeprefix(_PREFIX),
        identifier=Identifier(item["identifier"]["S"]),
        credential_version=int(item["credential_version"]["N"]),
        started_at=Instant(int(item["started_at"]["N"])),
        rotated_at=Instant(int(item["rotated_at"]["N"])),
        chain_key=bytes(item["chain_key"]["B"]),
        token_hash=item["token_hash"]["S"],
        previous_hash=previous["S"] if previous else None,
    )
