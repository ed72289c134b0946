"""One-time codes, derived from a key in KMS, the member and the request, and stored nowhere.

The table holds only requests, so it reveals no code, and a repeated delivery of one request's message repeats the
same code (NIST SP 800-63B-4 §4.2.1.2: issued recovery codes of at least six random digits).
"""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from member_access.platform.aws import translate_errors
from member_access.values.types import EmailCode, LetterCode

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from member_access.values.types import Identifier

RequestId = NewType("RequestId", str)
"""The name of one request for a code: 128 random bits in hexadecimal. It is no secret."""


class Channel(StrEnum):
    """The way in which a code reaches the member."""

    EMAIL = "email"
    LETTER = "letter"


class Purpose(StrEnum):
    """What a code is good for. A code of one purpose is none of the other."""

    RESET = "reset"
    """A new PIN."""
    CONFIRM = "confirm"
    """The second step after a right PIN."""


class MemberCodes:
    """The codes of one member; the key lives only as long as one request."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "MemberCodes(…)"

    def by_email(self, request_id: RequestId, purpose: Purpose = Purpose.RESET) -> EmailCode:
        """Return the code that one request sends by e-mail."""
        return EmailCode(self._digits(Channel.EMAIL, request_id, purpose, EmailCode.length))

    def by_letter(self, request_id: RequestId, purpose: Purpose = Purpose.RESET) -> LetterCode:
        """Return the code that one request sends by letter."""
        return LetterCode(self._digits(Channel.LETTER, request_id, purpose, LetterCode.length))

    def _digits(self, channel: Channel, request_id: RequestId, purpose: Purpose, length: int) -> str:
        """Derive digits; the modulo favours no code by more than one part in 2**222."""
        # The codes of resets came first, and some of them live for weeks.
        of_purpose = "" if purpose is Purpose.RESET else f"{purpose}\0"
        digest = hmac.new(self._key, f"{of_purpose}{channel}\0{request_id}".encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(digest) % 10**length:0{length}}"


class OneTimeCodes:
    """Asks KMS for the key of a member's codes."""

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn

    def of(self, identifier: Identifier) -> MemberCodes:
        """Return the codes of a member or of an unknown identifier: one KMS call.

        Raises:
            Unavailable: KMS did not answer.
        """
        with translate_errors():
            answer = self._kms.generate_mac(
                KeyId=self._key_arn, Message=f"codes\0{identifier}".encode(), MacAlgorithm="HMAC_SHA_256"
            )
        return MemberCodes(answer["Mac"])
