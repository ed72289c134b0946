"""Tokens that set a PIN: given for a right code, 256 random bits, used once, kept as a hash."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from member_access.errors import InvalidValue
from member_access.pseudonyms import Pseudonym
from member_access.types import Identifier, Instant, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from member_access.aws import Item

_TOKEN_BYTES = 32


class ResetToken(Secret):
    """The token, in hexadecimal."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[0-9a-f]{64}", re.ASCII)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take what may be a token.

        Raises:
            InvalidValue: it has another form.
        """
        if not cls._form.fullmatch(text):
            raise InvalidValue("a reset token is 64 hexadecimal digits")
        return cls(text)

    @classmethod
    def new(cls, random_bytes: Callable[[int], bytes]) -> Self:
        """A token that nobody has seen."""
        return cls(random_bytes(_TOKEN_BYTES).hex())

    @property
    def key(self) -> str:
        """The partition key of what the token allows."""
        return f"RESET_TOKEN#{hashlib.sha256(self.reveal().encode()).hexdigest()}"


@dataclass(frozen=True)
class PinPermission:
    """What a token allows.

    Attributes:
        identifier: the member whose PIN may be set.
        subject: the identifier's pseudonym.
        credential_version: the member's when the code was verified; a PIN set since makes the token worthless.
        expires_at: from then on the token is refused.
    """

    identifier: Identifier
    subject: Pseudonym
    credential_version: int
    expires_at: Instant


def permitted(table: str, token: ResetToken, permission: PinPermission) -> TransactWriteItemTypeDef:
    """The part of a transaction that gives a token."""
    return {
        "Put": {
            "TableName": table,
            "Item": {
                "pk": {"S": token.key},
                "identifier": {"S": permission.identifier},
                "subject": {"S": permission.subject},
                "credential_version": {"N": str(permission.credential_version)},
                "expires_at": {"N": str(permission.expires_at)},
            },
        }
    }


def permission_from_item(item: Item | None, now: Instant) -> PinPermission | None:
    """What a token allows now, or None."""
    if not item or int(item["expires_at"]["N"]) <= now:
        return None
    return PinPermission(
        identifier=Identifier(item["identifier"]["S"]),
        subject=Pseudonym(item["subject"]["S"]),
        credential_version=int(item["credential_version"]["N"]),
        expires_at=Instant(int(item["expires_at"]["N"])),
    )


def spent(table: str, token: ResetToken) -> TransactWriteItemTypeDef:
    """The part of a transaction that uses a token up: of two uses at once, one finds it."""
    return {
        "Delete": {
            "TableName": table,
            "Key": {"pk": {"S": token.key}},
            "ConditionExpression": "attribute_exists(pk)",
        }
    }
