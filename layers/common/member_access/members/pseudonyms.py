"""Pseudonyms of identifiers and addresses, for keys and logs.

People type their PIN in the identifier's place, and a plain hash of six digits or of an IPv4 address is reversed in
seconds. KMS makes the key of these hashes, and only the function's memory holds it, so a stolen table or log cannot
be searched.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final, Literal, NewType, Self

from member_access.platform.aws import translate_errors
from member_access.values.networks import networks_of

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

Pseudonym = NewType("Pseudonym", str)
Purpose = Literal["identifier", "nir", "iban", "channel", "challenge", "device", "passkey"]
_LABEL: Final = b"pseudonyms\0member access"


class OwnPseudonyms:
    """The pseudonyms of the functions that share a key (HMAC-SHA-256), a different one for each purpose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def with_key_of(cls, kms: KMSClient, key_arn: str) -> Self:
        """Ask KMS for the key: one call.

        Raises:
            Unavailable: KMS did not answer.
        """
        return cls(derived_key(kms, key_arn, _LABEL))

    def of(self, purpose: Purpose, text: str) -> Pseudonym:
        """Return the pseudonym of a text: 128 bits, in hexadecimal."""
        return _pseudonym(self._key, purpose, text)


class Pseudonyms(OwnPseudonyms):
    """A function's own pseudonyms, and those of sources.

    Args:
        key: of the function's own.
        source_key: of the pseudonyms of sources, which are the same in all functions.
    """

    def __init__(self, key: bytes, source_key: bytes) -> None:
        super().__init__(key)
        self._source_key = source_key

    @classmethod
    def from_kms(cls, kms: KMSClient, key_arn: str, source_key_arn: str) -> Self:
        """Ask KMS for the keys: two calls for each start of a function.

        Raises:
            Unavailable: KMS did not answer.
        """
        return cls(
            derived_key(kms, key_arn, _LABEL),
            derived_key(kms, source_key_arn, b"sources\0member access"),
        )

    def of_source(self, address: str) -> tuple[Pseudonym, ...]:
        """Return the pseudonyms of the networks of a client address, the narrowest first (see ``networks_of``)."""
        return tuple(_pseudonym(self._source_key, "source", network) for network in networks_of(address))


def derived_key(kms: KMSClient, key_arn: str, label: bytes) -> bytes:
    """Ask KMS for the key that a label stands for: 256 bits.

    Raises:
        Unavailable: KMS did not answer.
    """
    with translate_errors():
        return kms.generate_mac(KeyId=key_arn, Message=label, MacAlgorithm="HMAC_SHA_256")["Mac"]


def _pseudonym(key: bytes, purpose: str, text: str) -> Pseudonym:
    return Pseudonym(hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()[:32])
