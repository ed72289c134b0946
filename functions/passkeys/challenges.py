"""Challenges: 256 random bits, kept as a hash for five minutes, and spent before a signature is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.random_tokens import RandomToken

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.platform.aws import Item
    from member_access.values.types import Identifier, Instant

CHALLENGE_SECONDS: Final = 300
"""How long a browser has for its answer (WebAuthn Level 3, §15.1, recommends 5 to 10 minutes)."""


class Challenge(RandomToken):
    """What an authenticator signs, in hexadecimal."""

    __slots__ = ()
    prefix = "CEREMONY"

    def to_bytes(self) -> bytes:
        """Return the bytes that browsers get."""
        return bytes.fromhex(self.reveal())


@dataclass(frozen=True)
class NewPasskeyGrant:
    """What a challenge of a registration stands for.

    Attributes:
        identifier: the member who may add a passkey.
        user_handle: what the authenticator got as the member's name for the service.
    """

    identifier: Identifier
    user_handle: bytes


@dataclass(frozen=True)
class Challenges:
    """Conditional writes of challenges in the Access table."""

    dynamodb: DynamoDBClient
    table: str

    def put_challenge(self, challenge: Challenge, now: Instant, grant: NewPasskeyGrant | None = None) -> None:
        """Put a challenge: of a registration with a grant, of a sign-in without.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        of_grant: Item = (
            {"identifier": {"S": grant.identifier}, "user_handle": {"B": grant.user_handle}} if grant else {}
        )
        with translate_errors():
            self.dynamodb.put_item(
                TableName=self.table,
                Item={
                    "pk": {"S": challenge.key},
                    "expires_at": {"N": str(now + CHALLENGE_SECONDS)},
                    **of_grant,
                },
                ConditionExpression="attribute_not_exists(pk)",
            )

    def spend_for_sign_in(self, challenge: Challenge, now: Instant) -> bool:
        """Delete a challenge of a sign-in, and return whether it was there and had not expired: of two uses, one wins.

        Raises:
            Unavailable: DynamoDB did not answer; no signature may be looked at.
        """
        return self._spend(challenge, "attribute_not_exists(identifier)", {}, now) is not None

    def spend_for_new_passkey(self, challenge: Challenge, identifier: Identifier, now: Instant) -> bytes | None:
        """Delete a challenge of this member's registration, and return its user handle if it had not expired.

        Raises:
            Unavailable: DynamoDB did not answer; no signature may be looked at.
        """
        item = self._spend(challenge, "identifier = :identifier", {":identifier": {"S": identifier}}, now)
        return bytes(item["user_handle"]["B"]) if item else None

    def _spend(self, challenge: Challenge, purpose: str, values: Item, now: Instant) -> Item | None:
        try:
            with translate_errors():
                answer = self.dynamodb.delete_item(
                    TableName=self.table,
                    Key={"pk": {"S": challenge.key}},
                    ConditionExpression=f"expires_at > :now AND {purpose}",
                    ExpressionAttributeValues={":now": {"N": str(now)}, **values},
                    ReturnValues="ALL_OLD",
                )
        except ConditionFailed:
            return None
        return answer["Attributes"]
