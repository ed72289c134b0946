"""PIN hashing: argon2id over a keyed hash made inside KMS.

Six digits are 20 bits, so a hash alone protects nothing. The key (the pepper) never leaves the HSM, so a stolen
table cannot be searched (NIST SP 800-63B-4 §3.1.1.2 asks for a keyed hash with its key kept apart, in hardware).
Each hash names its key, so keys and costs can change; sign-in upgrades older hashes. A verification does the work of
every cost in use, whichever the stored hash was made at: its duration says nothing about the hash, nor whether there
is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, NewType, Self

from member_access.errors import InvalidValue
from member_access.platform.argon2_engine import PasswordHasher, Type, VerificationError
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_kms import KMSClient

    from member_access.values.types import Identifier, Pin

KeyedPin = NewType("KeyedPin", bytes)
"""The keyed hash of a PIN, 32 bytes; argon2id hashes it."""

_SALT_BYTES = 16
_COST = re.compile(r"m=([1-9][0-9]{0,6}),t=([1-9][0-9]?),p=([1-9])")
_ENCODED = re.compile(r"(\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$)[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}")
# A salt and a hash that no known PIN matches.
_NO_PIN = "bm9ib2R5J3Mgb3duIHBpbg$0l6TQ9U0m1mVd3s0bq5o7N0cXwz3m8p2hS4kB6yR1eA"


class PinHash(NamedTuple):
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

    @property
    def key_id(self) -> str:
        """The identifier of the key: a copy of the key in another region has the same one in another ARN."""
        return _key_id(self.key_arn)

    def encode(self) -> str:
        """Return the stored form."""
        return self.key_arn + self.argon2


def _key_id(arn: str) -> str:
    return arn.rpartition("/")[2]


@dataclass(frozen=True)
class Argon2Cost:
    """The cost of one hash: memory in KiB, iterations and lanes (OWASP's first choice: 19 MiB, 2, 1)."""

    memory_kib: int
    iterations: int
    lanes: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a cost as hashes state it: ``m=19456,t=2,p=1``.

        Raises:
            InvalidValue: the text is no cost, or argon2 needs more memory for so many lanes.
        """
        match = _COST.fullmatch(text)
        cost = cls(*map(int, match.groups())) if match else None
        if cost is None or cost.memory_kib < 8 * cost.lanes:
            raise InvalidValue("a cost has the form m=19456,t=2,p=1, with at least 8 KiB for each lane")
        return cost

    @property
    def prefix(self) -> str:
        """The beginning of every hash of this cost."""
        return f"$argon2id$v=19$m={self.memory_kib},t={self.iterations},p={self.lanes}$"


def argon2id(cost: Argon2Cost) -> PasswordHasher:
    """Return argon2-cffi's hasher with this cost."""
    return PasswordHasher(time_cost=cost.iterations, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=Type.ID)


class PinHasher:
    """Hashes and verifies PINs.

    Args:
        kms: holds the keys.
        key_arn: the key of new hashes.
        argon2: hashes at the present cost.
        random_bytes: returns the given number of bytes, fit for salts.
        older_keys: other keys that stored hashes may name, and that the function may use.
        older_costs: other costs at which stored hashes may have been made.
    """

    def __init__(  # noqa: PLR0913 - two facts of the present hashes, two of the older ones, and the sources of both
        self,
        kms: KMSClient,
        key_arn: str,
        argon2: PasswordHasher,
        random_bytes: Callable[[int], bytes],
        *,
        older_keys: Sequence[str] = (),
        older_costs: Sequence[Argon2Cost] = (),
    ) -> None:
        self._kms = kms
        self._key_arn = key_arn
        self._random_bytes = random_bytes
        self._argon2 = argon2
        self._keys = {_key_id(arn): arn for arn in (*older_keys, key_arn)}
        present = Argon2Cost(argon2.memory_cost, argon2.time_cost, argon2.parallelism)
        # Without repetition, in order.
        self._prefixes = tuple({cost.prefix: None for cost in (present, *older_costs)})
        self._no_hash = PinHash(key_arn, present.prefix + _NO_PIN)

    def usable(self, stored: PinHash | None) -> PinHash | None:
        """Return the stored hash if the settings name its key and its cost, or None: no PIN matches another.

        Takes the same time for None.
        """
        looked_at = stored or self._no_hash
        encoded = _ENCODED.fullmatch(looked_at.argon2)
        has_known_key = looked_at.key_id in self._keys
        is_usable = has_known_key and encoded and encoded[1] in self._prefixes
        return stored if is_usable else None

    def keyed_pin(self, identifier: Identifier, pin: Pin, stored: PinHash | None) -> KeyedPin:
        """Return the keyed PIN, made with the key of the stored hash: one KMS call, even without a usable hash.

        Raises:
            Unavailable: KMS did not answer.
        """
        usable = self.usable(stored) or self._no_hash
        return self._keyed(self._keys[usable.key_id], identifier, pin)

    def verify(self, keyed_pin: KeyedPin, stored: PinHash | None) -> bool:
        """Return whether a PIN matches the stored hash: one argon2id verification at every cost in use.

        A dummy takes the place of the stored hash at the other costs, and at all of them without a usable hash.
        """
        usable = self.usable(stored)
        encoded = usable.argon2 if usable else ""
        # Every cost, not until the first match.
        matches = [
            self._matches(encoded if encoded.startswith(prefix) else prefix + _NO_PIN, keyed_pin)
            for prefix in self._prefixes
        ]
        return usable is not None and any(matches)

    def _matches(self, encoded: str, keyed_pin: KeyedPin) -> bool:
        try:
            return self._argon2.verify(encoded, keyed_pin)
        except VerificationError:
            return False

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
