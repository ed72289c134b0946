"""Codes by e-mail in the Access table: ``CODE#<hash of the handle>``, one for each request.

The browser that asked holds the handle, 256 random bits in a cookie. A code is good only beside the handle of its own
request, so the guesses of others neither hit it nor use its tries up. Unknown identifiers get the same item.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from member_access.members.pseudonyms import Pseudonym
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.recovery.codes import RequestId
from member_access.values.random_tokens import RandomToken
from member_access.values.types import Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.store import Member
    from member_access.platform.aws import Item, Write

# As long as its e-mail, which may come back days later and then becomes a letter.
_KEPT_SECONDS = 14 * 86_400

# No credential has this version.
_NO_VERSION = -1


class ResetHandle(RandomToken):
    """The handle of one request for a code."""

    __slots__ = ()
    prefix = "CODE"


class Untried(Enum):
    """Why a code was not looked at."""

    ELSEWHERE = auto()
    """The handle is of no request for this identifier."""
    SPENT = auto()
    """The code of the handle's request has no try left, or has expired."""


class EmailedCode(NamedTuple):
    """A code by e-mail that is not used yet.

    Attributes:
        subject: stands for the identifier that it was requested for.
        request_id: names it.
        credential_version: the member's at the request; a new PIN voids the code. 0 for an unknown identifier.
        expires_at: from then on it is refused.
        tries: how often it was tried.
    """

    subject: Pseudonym
    request_id: RequestId
    credential_version: int
    expires_at: Instant
    tries: int = 0


def emailed_code_from_item(item: Item) -> EmailedCode:
    """Read the code in an item."""
    return EmailedCode(
        subject=Pseudonym(item["subject"]["S"]),
        request_id=RequestId(item["request_id"]["S"]),
        credential_version=int(item["credential_version"]["N"]),
        expires_at=Instant(int(item["not_after"]["N"])),
        tries=int(item["tries"]["N"]),
    )


def is_open(item: Item | None, member: Member | None) -> bool:
    """Return whether the code in an item is neither used nor void; expiry is another question."""
    if item is None or member is None:
        return False
    return emailed_code_from_item(item).credential_version == member.credential.version


def void_code(table: str, key: str) -> Write:
    """Void a code without a trace: its tries are still counted, so the browser that asked for it notices nothing."""
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET credential_version = :no_version",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":no_version": {"N": str(_NO_VERSION)}},
        }
    }


@dataclass(frozen=True)
class EmailedCodes:
    """The codes in the table, each with a number of tries."""

    dynamodb: DynamoDBClient
    table: str
    tries: int

    def put_code(self, handle: ResetHandle, code: EmailedCode) -> Write:
        """Put the code of a new request."""
        return {
            "Put": {
                "TableName": self.table,
                "Item": {
                    "pk": {"S": handle.key},
                    "subject": {"S": code.subject},
                    "request_id": {"S": code.request_id},
                    "credential_version": {"N": str(code.credential_version)},
                    "not_after": {"N": str(code.expires_at)},
                    "tries": {"N": str(code.tries)},
                    "expires_at": {"N": str(code.expires_at + _KEPT_SECONDS)},
                },
            }
        }

    def claim_try(self, handle: ResetHandle, subject: Pseudonym, now: Instant) -> EmailedCode | Untried:
        """Count one try at the code of a handle, before it is compared with anything.

        The caller compares the credential version, with the code: if it forbade the try, the tries left would show
        when a member has set a PIN.

        Args:
            handle: what the browser sent, or any text in its place: the call is the same.
            subject: stands for the identifier that was typed.
            now: the moment of the try.

        Raises:
            Unavailable: DynamoDB did not answer; nothing may be compared.
        """
        try:
            with translate_errors():
                answer = self.dynamodb.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": handle.key}},
                    UpdateExpression="SET tries = tries + :one",
                    ConditionExpression="subject = :subject AND tries < :tries AND not_after > :now",
                    ExpressionAttributeValues={
                        ":one": {"N": "1"},
                        ":subject": {"S": subject},
                        ":tries": {"N": str(self.tries)},
                        ":now": {"N": str(now)},
                    },
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionFailed as refused:
            is_own = refused.item.get("subject") == {"S": subject}
            return Untried.SPENT if is_own else Untried.ELSEWHERE
        return emailed_code_from_item(answer["Attributes"])

    def delete_code(self, handle: ResetHandle) -> Write:
        """Delete a used code; of two concurrent correct guesses, only one succeeds."""
        return {
            "Delete": {
                "TableName": self.table,
                "Key": {"pk": {"S": handle.key}},
                "ConditionExpression": "attribute_exists(pk)",
            }
        }
