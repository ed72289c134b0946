"""Decides the encoding of a file from all its bytes."""

from __future__ import annotations

import codecs
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Final

from bulk_import.file_kinds import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE: Final = 65_536
_LETTERS: Final = bytes(range(0xC0, 0x100))
_USUAL_SIGNS: Final = b"\x80\x8c\x91\x92\x93\x94\x95\x96\x97\x9c\xa0\xab\xb0\xb7\xba\xbb"
"""In Windows-1252: €, Œ, quotation marks and apostrophes, dashes, œ, no-break space, «, °, ·, º, »."""
_FEW: Final = 0.01
"""The share of lines with broken bytes below which the file is fine and those lines are not."""


class Encoding(StrEnum):
    """An encoding that the import reads, by Python's name for it."""

    UTF_8 = "utf-8"
    WINDOWS_1252 = "cp1252"

    @property
    def spoken(self) -> str:
        """Its usual name."""
        return "UTF-8" if self is Encoding.UTF_8 else "Windows-1252"


def encoding_of(handle: BinaryIO) -> Encoding:
    """Decide by majority: a file in which most lines with accents are valid UTF-8 is UTF-8, broken lines or not.

    Raises:
        UnreadableFile: most lines are not UTF-8, and read as Windows-1252 the file has hardly a letter with an accent.
    """
    handle.seek(0)
    if handle.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        return Encoding.UTF_8
    handle.seek(0)
    lines = valid = invalid = letters = others = 0
    for line in _pieces(handle):
        lines += 1
        if line.isascii():
            continue
        try:
            line.decode()
            valid += 1
        except UnicodeDecodeError:
            invalid += 1
            strange = line.translate(None, bytes(range(0x80)) + _USUAL_SIGNS)
            accented = len(strange) - len(strange.translate(None, _LETTERS))
            letters, others = letters + accented, others + len(strange) - accented
    if invalid <= valid:
        return Encoding.UTF_8
    if others > letters:
        if invalid < lines * _FEW:
            return Encoding.UTF_8
        raise UnreadableFile(
            "Its letters with accents are neither UTF-8 nor Windows-1252 (perhaps MS-DOS or Mac OS). "
            "Save it as “CSV UTF-8”."
        )
    return Encoding.WINDOWS_1252


def _pieces(handle: BinaryIO) -> Iterator[bytes]:
    while line := handle.readline(_PIECE):
        yield line
