"""Text as people type or paste it, with blanks of every width and invisible characters."""

from __future__ import annotations

import re
import unicodedata

from member_access.errors import InvalidValue

_BLANK = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
_UNSEEN = f"{_INVISIBLE}\u200c-\u200f\u202a-\u202e\u2061-\u2069"
"""Also the marks of joining and direction: names may need them, numbers and codes never do."""
_HYPHEN = "\\-\u2010-\u2015\u2212"

_BLANKS = re.compile(f"[{_BLANK}]+")
_INVISIBLES = re.compile(f"[{_INVISIBLE}]+")
_SPACES = re.compile(f"[\\s{_BLANK}{_UNSEEN}]+")
_SEPARATORS = re.compile(f"[\\s{_BLANK}{_UNSEEN}{_HYPHEN}.]+")


def without_blanks(text: str) -> str:
    """Return the text without blanks of any width, line breaks and invisible characters."""
    return _SPACES.sub("", text)


def without_separators(text: str) -> str:
    """Return the characters of a number without the blanks, dots and hyphens between its groups."""
    return _SEPARATORS.sub("", text)


def normalize(text: str) -> str:
    """Return the text in Unicode's composed form (NFC), trimmed, with each run of blanks as one space.

    Drop soft hyphens and zero-width blanks, which often come with pasted text.

    Raises:
        InvalidValue: the text has a line break, a tab, a NUL or another control character.
    """
    composed = unicodedata.normalize("NFC", _INVISIBLES.sub("", text))
    normalized = _BLANKS.sub(" ", composed).strip(" ")
    if not normalized.isprintable():
        raise InvalidValue("contains a line break or another control character")
    return normalized
