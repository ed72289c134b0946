"""Tokens that are given once and kept as a hash: 256 random bits."""

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
    """A token in hexadecimal; what it stands for is kept under its hash."""

    __slots__ = ()
    prefix: ClassVar[str]
    _form: ClassVar = re.compile(r"[0-9a-f]{64}", re.ASCII)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take what may be a token.

        Raises:
            InvalidValue: it has another form.
        """
        if not cls._form.fullmatch(text):
            raise InvalidValue("a token is 64 hexadecimal digits")
        return cls(text)

    @classmethod
    def new(cls, random_bytes: Callable[[int], bytes]) -> Self:
        """A token that nobody has seen."""
        return cls(random_bytes(_BYTES).hex())

    @property
    def key(self) -> str:
        """The partition key of what the token stands for; a plain hash suffices for random bits."""
        return f"{self.prefix}#{hashlib.sha256(self.reveal().encode()).hexdigest()}"
