"""Keyed hashes of identity data, made inside KMS so that a stolen table cannot be searched.

A NIR, a birth date and a postcode together are far from secret, and anyone who knows the rest of an IBAN has only
10,000 values to try, so a plain hash could be reversed at once. The key never leaves KMS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NewType

from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.values.birth_date import BirthDate
    from member_access.values.iban_last_six import IbanLastSix
    from member_access.values.nir import Nir
    from member_access.values.postcode import Postcode
    from member_access.values.types import Identifier

IdentityHash = NewType("IdentityHash", str)
"""The keyed hash of a NIR, a birth date and a postcode together: 256 bits in hexadecimal."""

IbanHash = NewType("IbanHash", str)
"""The keyed hash of one member's IBAN end: 256 bits in hexadecimal."""

OwnDataHashes = NewType("OwnDataHashes", str)
"""The keyed hashes of one member's own data as PINs: eight characters each, sorted, always equally many."""

SourceHash = NewType("SourceHash", str)
"""The keyed hash of everything in a row that no table may hold: the same row again needs no other hash."""


class KeyedHashes:
    """HMAC-SHA-256 by KMS ``GenerateMac``, over the purpose and the fields with a NUL between them.

    No field can hold a NUL, so different fields never make the same message.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self.key_arn = key_arn

    def of_identity(self, nir: Nir, birth_date: BirthDate, postcode: Postcode) -> IdentityHash:
        """Return the hash under which the identity index has a member.

        Raises:
            Unavailable: KMS did not answer.
        """
        return IdentityHash(self._mac("identity", nir.reveal(), birth_date.reveal(), postcode.normalised))

    def of_iban(self, whose: Identifier | Pseudonym, last_six: IbanLastSix) -> IbanHash:
        """Return the hash of an IBAN end, bound to the member.

        Args:
            whose: the member, or the pseudonym of an unknown one.
            last_six: the IBAN end.

        Raises:
            Unavailable: KMS did not answer.
        """
        return IbanHash(self._mac("iban", whose, last_six.reveal()))

    def _mac(self, *fields: str) -> str:
        message = "\0".join(fields).encode()
        with translate_errors():
            answer = self._kms.generate_mac(KeyId=self.key_arn, Message=message, MacAlgorithm="HMAC_SHA_256")
        return answer["Mac"].hex()
