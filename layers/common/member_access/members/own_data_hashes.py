"""Keyed hashes of a member's own data as PINs.

Only the import knows birth date, social-security number and IBAN, and no table holds them. So the import stores a keyed
hash of every PIN that they give, and a new PIN is compared with the hashes. KMS derives their key, from one that opens
neither PIN hashes nor the identity index.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import TYPE_CHECKING

from member_access.members.keyed_hashes import OwnDataHashes, SourceHash
from member_access.members.pseudonyms import derived_key
from member_access.pins.own_data import MOST_PINS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_kms import KMSClient

    from member_access.pins.blocklist import Weakness
    from member_access.values.types import Identifier, Pin

# Enough that no other PIN is rejected by chance: a new PIN makes a hundred comparisons of 48 bits.
_KEPT_BYTES = 6
_CHARACTERS = 8
_SOURCE_BYTES = 18
_NUMBER = sum(MOST_PINS.values())


class OwnDataHasher:
    """HMAC-SHA-256, of which 48 bits are kept, over the reason, the member and the PIN with a NUL between them.

    Hashes of nothing fill their number up, and all are sorted, so that nothing shows which data a member has. They
    follow from the key, so that the same data always give the same hashes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_kms(cls, kms: KMSClient, key_arn: str) -> OwnDataHasher:
        """Ask KMS for the key: one call for each start of a function or of an import.

        Raises:
            Unavailable: KMS did not answer.
        """
        return cls(derived_key(kms, key_arn, b"own data\0member access"))

    def hash(self, whose: Identifier, pins: Mapping[Weakness, frozenset[str]]) -> OwnDataHashes:
        """Hash the PINs that a member's own data give."""
        hashes = [self._hash(reason, whose, pin) for reason, given in pins.items() for pin in given]
        hashes += [self._hash("padding", whose, str(number)) for number in range(_NUMBER - len(hashes))]
        return OwnDataHashes("".join(sorted(hashes)))

    def source(self, *fields: str) -> SourceHash:
        """Hash what a row says that no table may hold, to recognise the same row without a call to KMS for each.

        A thief of this key finds the data in the hashes of own data already.

        Args:
            fields: the member, the data, and the key of the hashes that are made from them; none can hold a NUL.
        """
        message = "\0".join((f"source {_NUMBER}", *fields)).encode()
        return SourceHash(b64encode(hmac.digest(self._key, message, "sha256")[:_SOURCE_BYTES]).decode())

    def weakness(self, whose: Identifier, pin: Pin, stored: OwnDataHashes) -> Weakness | None:
        """Return which of the member's own data give a PIN, or None."""
        hashes = [stored[start : start + _CHARACTERS] for start in range(0, len(stored), _CHARACTERS)]
        sought = {reason: self._hash(reason, whose, pin.reveal()) for reason in MOST_PINS}
        # Every hash, not until the first match.
        found = [reason for reason, hashed in sought.items() for one in hashes if hmac.compare_digest(one, hashed)]
        return found[0] if found else None

    def _hash(self, reason: str, whose: Identifier, text: str) -> str:
        digest = hmac.digest(self._key, f"{reason}\0{whose}\0{text}".encode(), "sha256")
        return b64encode(digest[:_KEPT_BYTES]).decode()
