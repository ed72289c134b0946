"""The words of the domain as types, so that modules do not exchange bare ``str``."""

from __future__ import annotations

import re
from typing import ClassVar, NewType, Self, TypeAlias

from member_access.errors import InvalidValue
from member_access.values.typed_text import without_blanks, without_separators

Instant = NewType("Instant", int)
"""A moment, in whole seconds since 1970-01-01 UTC."""


class Secret:
    """Text that must never appear in a log: ``repr`` and ``str`` hide it, ``reveal`` returns it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._text == other._text

    def __hash__(self) -> int:
        return hash((type(self), self._text))


class _Digits(Secret):
    """A number of ASCII digits, kept as text: a leading zero is part of the secret (ASVS 6.2.8)."""

    __slots__ = ()
    length: ClassVar[int]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse exactly as many ASCII digits as the secret has.

        Raises:
            InvalidValue: for any other text, digits of other scripts included.
        """
        if len(text) != cls.length or not text.isascii() or not text.isdigit():
            raise InvalidValue(f"a {cls.__name__} is exactly {cls.length} digits")
        return cls(text)


class Pin(_Digits):
    """A member's PIN."""

    __slots__ = ()
    length = 6


class EmailCode(_Digits):
    """A code that works once, sent by e-mail; good only in the browser that asked for it."""

    __slots__ = ()
    length = 6


class LetterCode(_Digits):
    """A code that works once, sent by letter: long enough that no one guesses it."""

    __slots__ = ()
    length = 10


OneTimeCode: TypeAlias = EmailCode | LetterCode


def parse_code(text: str) -> OneTimeCode:
    """Parse a code as members type it; its number of digits says how it was sent.

    Blanks, dots and hyphens are ignored: the e-mail shows ``482913`` with a gap, the letter ``48 29 13 05 67``.

    Raises:
        InvalidValue: for any other text, digits of other scripts included.
    """
    digits = without_separators(text)
    return LetterCode.parse(digits) if len(digits) == LetterCode.length else EmailCode.parse(digits)


class Identifier(str):
    """A member's identifier, in capitals and without blanks. No secret, but people type their PIN in its place."""

    __slots__ = ()
    DEFAULT_PATTERN: ClassVar = re.compile(r"^[0-9A-Z]{6,12}$", re.ASCII)

    @classmethod
    def parse(cls, text: str, pattern: re.Pattern[str] = DEFAULT_PATTERN) -> Self:
        """Drop the blanks and invisible characters of pasted text, upper-case and check an identifier.

        Raises:
            InvalidValue: the text does not have the insurer's format.
        """
        candidate = without_blanks(text)
        # Reject other scripts first: upper() turns some of their letters into Latin ones.
        if not candidate.isascii() or not pattern.fullmatch(candidate.upper()):
            raise InvalidValue("an identifier must be six to twelve letters or digits")
        return cls(candidate.upper())
