"""PIN hashing: argon2id over a keyed hash made inside KMS.

Six digits are 20 bits, so a hash alone protects nothing. The key (the pepper) never leaves the HSM, so a stolen
table cannot be searched (NIST SP 800-63B-4 §3.1.1.2 asks for a keyed hash with its key kept apart, in hardware).
Each hash names its key, so keys and costs can change; sign-in upgrades older hashes. A verification does the work of
every cost in use, whichever the stored hash was made at: its duration says nothing about the hash, nor whether there
is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NewType

from member_access.pins.pin_hash import Argon2Cost, PinHash, key_id
from member_access.platform.argon2_engine import PasswordHasher, Type, VerificationError
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_kms import KMSClient

    from member_access.values.types import Identifier, Pin

KeyedPin = NewType("KeyedPin", bytes)
"""The keyed hash of a PIN, 32 bytes; argon2id hashes it."""

_SALT_BYTES = 16
_ENCODED = re.compile(r"(\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$)[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}")
# A salt and a hash that no known PIN matches.
_NO_PIN = "bm9ib2R5J3Mgb3duIHBpbg$0l6TQ9U0m1mVd3s0bq5o7N0cXwz3m8p2hS4kB6yR1eA"


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
        self._keys = {key_id(arn): arn for arn in (*older_keys, key_arn)}
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
