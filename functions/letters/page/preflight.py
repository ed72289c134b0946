"""Checks the finished page before anyone pays for it.

Another engine (PDFium) than the one that wrote the PDF reads it and looks at the ink, so it catches a new Typst, a
new font or a changed template that puts the code into the window.
"""

from __future__ import annotations

from ctypes import c_double
from typing import TYPE_CHECKING, Final, NamedTuple

import pypdfium2
from pypdfium2 import raw

from letters.page.geometry import HIDDEN_BY_FOLDING, NO_PRINT_ZONES, PAGE, Zone
from member_access.postal.address_block import LetterCannotBeSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from letters.page.geometry import AddressWindow
    from member_access.postal.address_block import AddressBlock
    from member_access.values.types import LetterCode


_Character = tuple[str, Zone]
"""A letter or digit and the zone that it covers."""


class PreflightFailed(LetterCannotBeSet):
    """The PDF exists but must not be printed.

    Attributes:
        faults: what is wrong, one sentence each.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


_TOLERANCE: Final = 1.0
"""By how many millimetres printing and folding may be off."""

_POINT: Final = 25.4 / 72
"""Millimetres in a point."""

_DOTS: Final = 4
"""Dots per millimetre of the rendered page: about 100 dpi, finer than the tolerance."""

_WHITE: Final = b"\xff"

_MIN_CODE_DIGIT: Final = 5.5
"""Height in millimetres: less than a digit of 26 pt, more than anything else in the letter."""


def preflight(pdf: bytes, code: LetterCode, address: AddressBlock, window: AddressWindow) -> None:
    """Refuse a PDF that must not be printed.

    It must be one upright A4 page with every font embedded and nothing at the edges. The code appears once, in the
    part that folding hides. The window shows the whole address and nothing else, or nothing at all if the provider
    prints the address.

    Raises:
        PreflightFailed: names every fault, without the address or the code.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        faults = tuple(_faults(document, code, address, window))
    finally:
        document.close()
    if faults:
        raise PreflightFailed(faults)


def _faults(
    document: pypdfium2.PdfDocument, code: LetterCode, address: AddressBlock, window: AddressWindow
) -> Iterator[str]:
    if len(document) != 1:
        yield f"The letter has {len(document)} pages instead of one."
        return
    page = document[0]
    width, height = (length * _POINT for length in page.get_size())
    if max(abs(width - PAGE.width), abs(height - PAGE.height)) > _TOLERANCE:
        yield f"The page is {width:.0f} x {height:.0f} mm, not upright A4."
        return
    if not all(text.get_font().is_embedded for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])):
        yield "A font is not embedded."
    ink = _Ink.of(page)
    if any(ink.touches(zone) for zone in NO_PRINT_ZONES):
        yield "Something is printed at the edge of the page."
    characters = list(_characters(page))
    yield from _window_faults(ink, characters, address, window)
    yield from _code_faults(characters, code)


def _window_faults(
    ink: _Ink, characters: list[_Character], address: AddressBlock, window: AddressWindow
) -> Iterator[str]:
    if window.address is None:
        if ink.touches(window.visible.grown(_TOLERANCE)):
            yield "Something is printed in the window, which must stay blank."
        return
    if any(ink.touches(zone) for zone in _around(window.address.grown(_TOLERANCE), window.visible.grown(_TOLERANCE))):
        yield "Something is printed beside the address in the window."
    shown = "".join(text for text, zone in characters if window.visible.overlaps(zone))
    if shown != "".join(filter(str.isalnum, "".join(address.printed))):
        yield "The window does not show the whole address and nothing else."


def _code_faults(characters: list[_Character], code: LetterCode) -> Iterator[str]:
    # By size, since a telephone number may contain the digits of the code.
    large = [(text, zone) for text, zone in characters if zone.height > _MIN_CODE_DIGIT]
    if "".join(text for text, _ in large) != code.reveal():
        yield "The code is not the one thing that is printed large."
    if not all(HIDDEN_BY_FOLDING.holds(zone) for _, zone in large):
        yield "The code is not in the part of the page that folding hides."


def _around(inner: Zone, outer: Zone) -> Iterator[Zone]:
    yield Zone(outer.left, outer.top, outer.width, inner.top - outer.top)
    yield Zone(outer.left, inner.bottom, outer.width, outer.bottom - inner.bottom)
    yield Zone(outer.left, outer.top, inner.left - outer.left, outer.height)
    yield Zone(inner.right, outer.top, outer.right - inner.right, outer.height)


def _characters(page: pypdfium2.PdfPage) -> Iterator[_Character]:
    """The letters and digits of a page, in reading order."""
    # By PDFium's own functions: pypdfium2's take four times as long, for a thousand characters.
    height, text_page = page.get_height(), page.get_textpage()
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    for index in range(text_page.count_chars()):
        text = chr(raw.FPDFText_GetUnicode(text_page, index))
        if not text.isalnum():
            continue
        if not raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top):
            raise pypdfium2.PdfiumError("PDFium gave no box of a character.")
        yield (
            text,
            Zone(
                left.value * _POINT,
                (height - top.value) * _POINT,
                (right.value - left.value) * _POINT,
                (top.value - bottom.value) * _POINT,
            ),
        )


class _Ink(NamedTuple):
    """The rendered page, in shades of grey.

    Attributes:
        shades: of its dots, row by row.
        row: bytes from one row to the next.
        width: dots in a row.
        height: rows.
    """

    shades: bytes
    row: int
    width: int
    height: int

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> _Ink:
        bitmap = page.render(scale=_DOTS * _POINT, grayscale=True)
        return cls(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height)

    def touches(self, zone: Zone) -> bool:
        """Whether the page has ink in a zone."""
        left, right = (min(max(0, round(edge * _DOTS)), self.width) for edge in (zone.left, zone.right))
        top, bottom = (min(max(0, round(edge * _DOTS)), self.height) for edge in (zone.top, zone.bottom))
        blank = _WHITE * (right - left)
        starts = range(top * self.row + left, bottom * self.row + left, self.row)
        return any(self.shades[start : start + len(blank)] != blank for start in starts)
