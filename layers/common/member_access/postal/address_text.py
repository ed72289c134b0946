"""A column of a member's address as the insurer wrote it, before it becomes a line of an envelope."""

from __future__ import annotations

import unicodedata
from typing import ClassVar, Self

from member_access.values.typed_text import normalize


class AddressText(str):
    """A text of one line and any use in an address: normalised, without control characters, at most 200 characters."""

    __slots__ = ()
    MAX_LENGTH: ClassVar = 200

    @classmethod
    def tidy(cls, text: str) -> Self:
        """Make any text one: line breaks and tabs become blanks, other control characters go, the rest is cut off."""
        if text.isprintable():
            return cls(normalize(text)[: cls.MAX_LENGTH].rstrip())
        blank = "".join(" " if character.isspace() else character for character in text)
        shown = "".join(character for character in blank if unicodedata.category(character)[0] != "C")
        return cls(normalize(shown)[: cls.MAX_LENGTH].rstrip())
