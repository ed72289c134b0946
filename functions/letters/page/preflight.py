"""The last look at a letter before it is paid for: what must never be printed where.

It reads the finished PDF with another engine (PDFium) than the one that wrote it, and looks at the ink itself, so a
new Typst, a new font or a changed template cannot put the code into the window without being caught.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pypdfium2

from letters.model.address_block import LetterCannotBeSet
from letters.page.geometry import HIDDEN_BY_FOLDING, NO_PRINT_ZONES, PAGE, Zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from letters.page.geometry import AddressWindow
    from letters.page.typesetting import CodeLetter


class PreflightFailed(LetterCannotBeSet):
    """The PDF was made, but must not be printed.

    Attributes:
        faults: what is wrong, one sentence each.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


_TOLERANCE: Final = 1.0
"""Millimetres that printing and folding may be off."""

_POINT: Final = 25.4 / 72
"""Millimetres in a point."""

_DOTS: Final = 4
"""Dots in a millimetre when the page is looked at: about 100 dpi, finer than the tolerance."""

_WHITE: Final = 0xFF

_SMALLEST_CODE_DIGIT: Final = 5.5
"""Millimetres from foot to head: less than a digit of 26 pt, more than anything else in the letter."""


def preflight(pdf: bytes, letter: CodeLetter, window: AddressWindow) -> None:
    """Refuse a PDF that must not be printed.

    It must be one upright A4 page with every font embedded; the edges are free; the code is there once, in the part
    that folding hides; through the window shows the whole address and nothing else, or, where the provider prints
    the address, nothing at all.

    Raises:
        PreflightFailed: names every fault, without the address or the code.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        faults = tuple(_faults(document, letter, window))
    finally:
        document.close()
    if faults:
        raise PreflightFailed(faults)


def _faults(document: pypdfium2.PdfDocument, letter: CodeLetter, window: AddressWindow) -> Iterator[str]:
    if len(document) != 1:
        yield f"The letter has {len(document)} pages instead of one."
        return
    page = document[0]
    width, height = (length * _POINT for length in page.get_size())
    if max(abs(width - PAGE.width), abs(height - PAGE.height)) > _TOLERANCE:
        yield f"The page is {width:.0f} x {height:.0f} mm, not upright A4."
        return
    if not all(text.get_font().is_embedded for text in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])):
        yield "A font is not embedded."
    ink = _Ink.of(page)
    if any(ink.touches(zone) for zone in NO_PRINT_ZONES):
        yield "Something is printed at the edge of the page."
    characters = tuple(_characters(page))
    yield from _window_faults(ink, characters, letter, window)
    yield from _code_faults(characters, letter)


def _window_faults(
    ink: _Ink, characters: tuple[_Character, ...], letter: CodeLetter, window: AddressWindow
) -> Iterator[str]:
    if window.address is None:
        if ink.touches(window.visible.grown(_TOLERANCE)):
            yield "Something is printed in the window, which must stay blank."
        return
    if any(ink.touches(zone) for zone in _around(window.address.grown(_TOLERANCE), window.visible.grown(_TOLERANCE))):
        yield "Something is printed beside the address in the window."
    shown = "".join(character.text for character in characters if window.visible.overlaps(character.zone))
    if shown != "".join(filter(str.isalnum, "".join(letter.address.printed))):
        yield "The window does not show the whole address and nothing else."


def _code_faults(characters: tuple[_Character, ...], letter: CodeLetter) -> Iterator[str]:
    # By their size, for the digits of a telephone number may happen to be those of the code.
    large = tuple(character for character in characters if character.zone.height > _SMALLEST_CODE_DIGIT)
    if "".join(character.text for character in large) != letter.code.reveal():
        yield "The code is not the one thing that is printed large."
    if not all(HIDDEN_BY_FOLDING.holds(character.zone) for character in large):
        yield "The code is not in the part of the page that folding hides."


def _around(inner: Zone, outer: Zone) -> Iterator[Zone]:
    yield Zone(outer.left, outer.top, outer.width, inner.top - outer.top)
    yield Zone(outer.left, inner.bottom, outer.width, outer.bottom - inner.bottom)
    yield Zone(outer.left, outer.top, inner.left - outer.left, outer.height)
    yield Zone(inner.right, outer.top, outer.right - inner.right, outer.height)


@dataclass(frozen=True, slots=True)
class _Character:
    """A letter or digit and the zone that it covers."""

    text: str
    zone: Zone


def _characters(page: pypdfium2.PdfPage) -> Iterator[_Character]:
    """The letters and digits of a page, in the order in which they are read."""
    height = page.get_height()
    text_page = page.get_textpage()
    for index in range(text_page.count_chars()):
        text = text_page.get_text_range(index, 1)
        if not text.isalnum():
            continue
        left, bottom, right, top = text_page.get_charbox(index)
        yield _Character(
            text,
            Zone(left * _POINT, (height - top) * _POINT, (right - left) * _POINT, (top - bottom) * _POINT),
        )


@dataclass(frozen=True, slots=True)
class _Ink:
    """The page as a printer would cover it, in shades of grey."""

    rows: tuple[bytes, ...]

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> _Ink:
        bitmap = page.render(scale=_DOTS * _POINT, grayscale=True)
        shades = bytes(bitmap.buffer)
        return cls(
            tuple(
                shades[start : start + bitmap.width] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
            )
        )

    def touches(self, zone: Zone) -> bool:
        """Whether anything is printed in a zone."""
        across = slice(max(0, round(zone.left * _DOTS)), max(0, round(zone.right * _DOTS)))
        down = slice(max(0, round(zone.top * _DOTS)), max(0, round(zone.bottom * _DOTS)))
        return any(min(row[across], default=_WHITE) < _WHITE for row in self.rows[down])
