"""Writes the characters that a letter can show, from the letter's font: ``python -m tools.printable_characters``."""

from __future__ import annotations

import struct
import unicodedata
from pathlib import Path
from typing import Final

from member_access.postal import printable

ROOT: Final = Path(__file__).parents[1]
FONT: Final = ROOT / "functions" / "letters" / "page" / "fonts" / "SourceSans3-Regular.otf"
TABLE: Final = Path(printable.__file__).parent / "printable_characters.txt"
_LINE: Final = 100

_SIGNS: Final = {*map(chr, range(0x20, 0x7F)), *"’“”«»–—·°\u2018\u02bb\u02bc"}
_SEGMENTED_COVERAGE: Final = 12


def printable_characters(font: bytes) -> str:
    """Return ASCII, the usual signs and the Latin letters of a font, without superscripts and ligatures."""
    covered = sorted(_covered(font))
    return "".join(character for character in map(chr, covered) if character in _SIGNS or _is_latin(character))


def table(font: bytes) -> str:
    """Return the committed table for a font."""
    characters = printable_characters(font)
    return "".join(f"{characters[start : start + _LINE]}\n" for start in range(0, len(characters), _LINE))


def _is_latin(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("L")
        and unicodedata.name(character, "").startswith("LATIN")
        and unicodedata.normalize("NFKC", character) == character
    )


def _covered(font: bytes) -> set[int]:
    """Read the characters from an OpenType font's table ``cmap``, in its format 12."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    (encodings,) = struct.unpack_from(">H", font, start + 2)
    for number in range(encodings):
        subtable = start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
        if struct.unpack_from(">H", font, subtable)[0] == _SEGMENTED_COVERAGE:
            (groups,) = struct.unpack_from(">I", font, subtable + 12)
            ranges = (struct.unpack_from(">II", font, subtable + 16 + 12 * group) for group in range(groups))
            return {code for first, last in ranges for code in range(first, last + 1)}
    raise ValueError("the font has no cmap of format 12")


if __name__ == "__main__":
    TABLE.write_text(table(FONT.read_bytes()), encoding="utf-8")
