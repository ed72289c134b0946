"""Tokens of 256 random bits, handed out once and stored as a hash."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, ClassVar, Self

from member_access.errors import InvalidValue
from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES = 32


class RandomToken(Secret):
    """A token in hexadecimal."""

    __slots__ = ()
    prefix: ClassVar[str]
    _form: ClassVar = re.compile(r"[0-9a-f]{64}", re.ASCII)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a token.

        Raises:
            InvalidValue: the text does not have the form of a token.
        """
        if not cls._form.fullmatch(text):
            raise InvalidValue("a token is 64 hexadecimal digits")
        return cls(text)

    @classmethod
    def new(cls, random_bytes: Callable[[int], bytes]) -> Self:
        """Generate a token."""
        return cls(random_bytes(_BYTES).hex())

    @property
    def key(self) -> str:
        """The partition key of the token's item; a plain hash suffices for random bits."""
        return f"{self.prefix}#{hashlib.sha256(self.reveal().encode()).hexdigest()}"
