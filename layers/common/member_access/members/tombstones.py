"""Tombstones of removed members: ``REMOVED#<keyed hash of the identifier>`` in the Members table.

A tombstone keeps the credential version, so that a member who comes back never meets a session or a code of before,
and the date until which an import must not bring an erased person back. It does not hold the identifier.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from member_access.members.pseudonyms import derived_key
from member_access.values.types import Instant

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from member_access.platform.aws import Item
    from member_access.values.types import Identifier


TOMBSTONE: Final = ("pk", "credential_version", "removed_at", "kept_out_until")
"""The attributes of a tombstone."""


@dataclass(frozen=True)
class Tombstone:
    """What is left of a removed member.

    Attributes:
        credential_version: higher than every version that the member had.
        removed_at: when the member was removed.
        kept_out_until: until then an import does not add the person again; None for a member who has left.
    """

    credential_version: int
    removed_at: Instant
    kept_out_until: Instant | None = None

    def keeps_out(self, now: Instant) -> bool:
        """Return whether an import must not add the person now."""
        return self.kept_out_until is not None and now < self.kept_out_until

    def to_attributes(self) -> Item:
        """Return the attributes of its item."""
        until: Item = {"kept_out_until": {"N": str(self.kept_out_until)}} if self.kept_out_until else {}
        return {
            "credential_version": {"N": str(self.credential_version)},
            "removed_at": {"N": str(self.removed_at)},
            **until,
        }


def tombstone_from_item(item: Item) -> Tombstone:
    """Read the tombstone in an item."""
    return Tombstone(
        credential_version=int(item["credential_version"]["N"]),
        removed_at=Instant(int(item["removed_at"]["N"])),
        kept_out_until=Instant(int(item["kept_out_until"]["N"])) if "kept_out_until" in item else None,
    )


class TombstoneKeys:
    """Makes the partition keys of tombstones, by a key that the index key in KMS derives."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_kms(cls, kms: KMSClient, index_key_arn: str) -> Self:
        """Ask KMS for the key: one call.

        Raises:
            Unavailable: KMS did not answer.
        """
        return cls(derived_key(kms, index_key_arn, b"tombstones\0member access"))

    def of(self, identifier: Identifier) -> str:
        """Return the partition key of the tombstone of an identifier."""
        return f"REMOVED#{hmac.new(self._key, identifier.encode(), hashlib.sha256).hexdigest()}"
