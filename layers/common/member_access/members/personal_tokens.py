"""Tokens of 256 random bits that also lead to the items of their member: ``<pseudonym of the identifier>.<number>``."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, Self

from member_access.members.pseudonyms import Pseudonym
from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN_BYTES: Final = 32
_DIGEST_BYTES: Final = 16
_FORM: Final = re.compile(r"([0-9a-f]{32})\.[0-9a-f]{64}", re.ASCII)


class PersonalToken(Secret):
    """A token in a cookie, or the text that was sent in its place."""

    __slots__ = ()

    @classmethod
    def new(cls, whose: Pseudonym, random_bytes: Callable[[int], bytes]) -> Self:
        """Make a token for the member of this pseudonym."""
        return cls(f"{whose}.{random_bytes(_TOKEN_BYTES).hex()}")

    @property
    def digest(self) -> bytes:
        """The hash that stands for the token: 16 bytes, of any text."""
        return hashlib.sha256(self.reveal().encode()).digest()[:_DIGEST_BYTES]

    @property
    def whose(self) -> Pseudonym | None:
        """The pseudonym of the member that it names; None if it is no token."""
        form = _FORM.fullmatch(self.reveal())
        return Pseudonym(form[1]) if form else None
