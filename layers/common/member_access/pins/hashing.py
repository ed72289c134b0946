"""PIN hashing: argon2id over a keyed hash made inside KMS.

Six digits are 20 bits, so a hash alone protects nothing. The key (the pepper) never leaves the HSM, so a stolen
table cannot be searched (NIST SP 800-63B-4 §3.1.1.2 asks for a keyed hash with its key kept apart, in hardware).
Each hash names its key, so keys and costs can change; sign-in upgrades older hashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type

from member_access.errors import InvalidValue
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms import KMSClient

    from member_access.values.types import Identifier, Pin

KeyedPin = NewType("KeyedPin", bytes)
"""The keyed hash of a PIN, 32 bytes; argon2id hashes it."""

_SALT_BYTES = 16


@dataclass(frozen=True)
class PinHash:
    """A stored hash: the ARN of the KMS key, and the argon2id hash in its standard encoding."""

    key_arn: str
    argon2: str

    @classmethod
    def parse(cls, stored: str) -> PinHash:
        """Parse the stored form.

        Raises:
            InvalidValue: the text does not name a key.
        """
        key_arn, separator, argon2 = stored.partition("$")
        if not separator or not key_arn.startswith("arn:"):
            raise InvalidValue("a stored PIN hash starts with the ARN of its key")
        return cls(key_arn, f"${argon2}")

    def encode(self) -> str:
        """Return the stored form."""
        return self.key_arn + self.argon2


@dataclass(frozen=True)
class Argon2Cost:
    """The cost of one hash: memory in KiB, iterations and lanes (OWASP's first choice: 19 MiB, 2, 1)."""

    memory_kib: int
    iterations: int
    lanes: int


def argon2id(cost: Argon2Cost) -> PasswordHasher:
    """Return argon2-cffi's hasher with this cost."""
    return PasswordHasher(time_cost=cost.iterations, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=Type.ID)


class PinHasher:
    """Hashes and verifies PINs."""

    def __init__(
        self,
        kms: KMSClient,
        key_arn: str,
        argon2: PasswordHasher,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._kms = kms
        self._key_arn = key_arn
        self._random_bytes = random_bytes
        self._argon2 = argon2
        # Verified if no PIN is stored: the same work, and no known PIN matches.
        self._dummy = (
            f"$argon2id$v=19$m={argon2.memory_cost},t={argon2.time_cost},p={argon2.parallelism}"
            "$bm9ib2R5J3MgcGluLi4$0l6TQ9U0m1mVd3s0bq5o7N0cXwz3m8p2hS4kB6yR1eA"
        )

    def keyed_pin(self, identifier: Identifier, pin: Pin, stored: PinHash | None) -> KeyedPin:
        """Return the keyed PIN, made with the key of the stored hash: one KMS call, even if none is stored.

        Raises:
            Unavailable: KMS did not answer.
        """
        return self._keyed(stored.key_arn if stored else self._key_arn, identifier, pin)

    def verify(self, keyed_pin: KeyedPin, stored: PinHash | None) -> bool:
        """Return whether a PIN matches the stored hash: one argon2id verification, even if none is stored."""
        try:
            self._argon2.verify(stored.argon2 if stored else self._dummy, keyed_pin)
        except VerifyMismatchError:
            return False
        return stored is not None

    def hash(self, identifier: Identifier, pin: Pin) -> PinHash:
        """Hash a PIN with the current key and cost.

        Raises:
            Unavailable: KMS did not answer.
        """
        keyed_pin = self._keyed(self._key_arn, identifier, pin)
        return PinHash(self._key_arn, self._argon2.hash(keyed_pin, salt=self._random_bytes(_SALT_BYTES)))

    def is_outdated(self, stored: PinHash) -> bool:
        """Return whether a hash was made with an older key or at another cost."""
        return stored.key_arn != self._key_arn or self._argon2.check_needs_rehash(stored.argon2)

    def _keyed(self, key_arn: str, identifier: Identifier, pin: Pin) -> KeyedPin:
        with translate_errors():
            answer = self._kms.generate_mac(
                KeyId=key_arn,
                Message=f"pin\0{identifier}\0{pin.reveal()}".encode(),
                MacAlgorithm="HMAC_SHA_256",
            )
        return KeyedPin(answer["Mac"])
