"""Pseudonyms of identifiers and addresses, for keys and logs.

People type their PIN in the identifier's place, and a plain hash of six digits or of an IPv4 address is reversed in
seconds. KMS makes the key of these hashes, and only the function's memory holds it, so a stolen table or log cannot
be searched.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from typing import TYPE_CHECKING, Literal, NewType

from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

Pseudonym = NewType("Pseudonym", str)
Purpose = Literal["identifier", "nir", "iban", "channel", "challenge", "source"]


class Pseudonyms:
    """Keyed hashes (HMAC-SHA-256), a different one for each purpose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_kms(cls, kms: KMSClient, key_arn: str) -> Pseudonyms:
        """Ask KMS for the key: one call for each start of a function.

        Raises:
            Unavailable: KMS did not answer.
        """
        with translate_errors():
            answer = kms.generate_mac(KeyId=key_arn, Message=b"pseudonyms\0member access", MacAlgorithm="HMAC_SHA_256")
        return cls(answer["Mac"])

    def of(self, purpose: Purpose, text: str) -> Pseudonym:
        """Return the pseudonym of a text: 128 bits, in hexadecimal."""
        message = f"{purpose}\0{text}".encode()
        return Pseudonym(hmac.new(self._key, message, hashlib.sha256).hexdigest()[:32])

    def of_source(self, address: str) -> Pseudonym:
        """Return the pseudonym of a client address; of IPv6, the /64 network that one subscriber has (RFC 6177)."""
        return self.of("source", _network(address))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:  # noqa: PLR2004 - IPv4
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
