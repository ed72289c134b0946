"""The characters that a letter can show, and the nearest ones for all others."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

from anyascii import anyascii

PRINTABLE: Final = frozenset(
    (Path(__file__).parent / "printable_characters.txt").read_text(encoding="utf-8").replace("\n", "")
)
"""Latin letters, digits and the usual signs, as far as the letter's font has them.

``tools.printable_characters`` writes them. Other scripts are left out although the font has Greek and Cyrillic: the
post reads Latin letters (UPU S42), and Maileva does not publish what its printers have."""

_DROPPED: Final = frozenset({"Mn", "Me", "Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})
"""Marks that no letter of the font carries, characters without a shape, pictures and emoji."""


def printable(text: str) -> str:
    """Write a text with characters that a letter can show.

    Others become the nearest Latin letters, as anyascii has them, or nothing if there are none, as for pictures.
    """
    if PRINTABLE.issuperset(text):
        return text
    return " ".join("".join(map(_nearest, unicodedata.normalize("NFC", text))).split())


def _nearest(character: str) -> str:
    if character in PRINTABLE:
        return character
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    if category in _DROPPED:
        return ""
    compatible = unicodedata.normalize("NFKC", character)
    if PRINTABLE.issuperset(compatible):
        return compatible
    # A letter with marks that the font does not have together keeps those that it has.
    for mark in reversed(unicodedata.normalize("NFD", character)[1:]):
        simpler = unicodedata.normalize("NFC", unicodedata.normalize("NFD", character).replace(mark, ""))
        if simpler in PRINTABLE:
            return simpler
    return "".join(letter for letter in anyascii(character) if letter in PRINTABLE)
