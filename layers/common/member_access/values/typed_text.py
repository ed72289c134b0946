"""Text as people type it or paste it: blanks of every width, and characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata

from member_access.errors import InvalidValue

_BLANK = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_HYPHEN = "\\-\u2010-\u2015\u2212"

_BLANKS = re.compile(f"[{_BLANK}]+")
_UNSEENS = re.compile(f"[{_UNSEEN}]+")
_SEPARATORS = re.compile(f"[{_BLANK}{_UNSEEN}{_HYPHEN}\t.]+")


def without_separators(text: str) -> str:
    """The characters of a number, without what people put between its groups: blanks, dots and hyphens."""
    return _SEPARATORS.sub("", text)


def normalize(text: str) -> str:
    """The text in Unicode's composed form (NFC), trimmed, each run of blanks one space.

    Soft hyphens and zero-width blanks, which come along when text is pasted, are dropped.

    Raises:
        InvalidValue: it holds a line break, a tab, a NUL or another control character.
    """
    composed = unicodedata.normalize("NFC", _UNSEENS.sub("", text))
    tidied = _BLANKS.sub(" ", composed).strip(" ")
    if not tidied.isprintable():
        raise InvalidValue("contains a line break or another control character")
    return tidied
