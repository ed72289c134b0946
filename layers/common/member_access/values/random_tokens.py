"""Tokens of 256 random bits, handed out once and stored as a hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar, Self

from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES = 32


class RandomToken(Secret):
    """A token in hexadecimal, or the text that a caller sent in its place: both are looked up in the same way."""

    __slots__ = ()
    prefix: ClassVar[str]

    @classmethod
    def new(cls, random_bytes: Callable[[int], bytes]) -> Self:
        """Generate a token."""
        return cls(random_bytes(_BYTES).hex())

    @property
    def key(self) -> str:
        """The partition key of the token's item; a plain hash suffices for random bits."""
        return f"{self.prefix}#{hashlib.sha256(self.reveal().encode()).hexdigest()}"
