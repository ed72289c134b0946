"""The stored form of a PIN's hash, which names its key and its cost."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from member_access.errors import InvalidValue

_COST = re.compile(r"m=([1-9][0-9]{0,6}),t=([1-9][0-9]?),p=([1-9])")


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
        return key_id(self.key_arn)

    def encode(self) -> str:
        """Return the stored form."""
        return self.key_arn + self.argon2


def key_id(arn: str) -> str:
    """Return the identifier of a key, from its ARN."""
    return arn.rpartition("/")[2]


class Argon2Cost(NamedTuple):
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
