"""Reads a PDF as a printer does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pdfplumber
import pypdfium2
from pdfminer.pdftypes import resolve1
from pdfplumber.utils.exceptions import PdfminerException

if TYPE_CHECKING:
    from pdfplumber.page import Page

_POINTS_PER_MM = 72 / 25.4
_A4_MM = (210, 297)

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in millimetres from the page's top left corner."""


@dataclass(frozen=True)
class PdfFacts:
    """``fonts`` says of each font, by name, whether it is embedded."""

    pages: int
    is_a4_portrait: bool
    fonts: tuple[tuple[str, bool], ...]
    text: str


@lru_cache(maxsize=4096)
def pdf_facts(pdf: bytes) -> PdfFacts | None:
    """The facts, or None if the PDF is unreadable."""
    if not pdf.startswith(b"%PDF-"):
        return None
    try:
        document = pdfplumber.open(BytesIO(pdf))
        first = document.pages[0]
        size = (float(first.width) / _POINTS_PER_MM, float(first.height) / _POINTS_PER_MM)
        return PdfFacts(
            pages=len(document.pages),
            is_a4_portrait=all(abs(a - b) < 1 for a, b in zip(size, _A4_MM, strict=True)),
            fonts=tuple(font for page in document.pages for font in _fonts(page)),
            text="\n".join(_texts(pdf)),
        )
    except (PdfminerException, IndexError):
        return None


@lru_cache(maxsize=4096)
def lines_in(pdf: bytes, box: Box) -> tuple[str, ...]:
    """The lines of text inside a box on the first page; none if the PDF is unreadable."""
    if pdf_facts(pdf) is None:
        return ()
    left, top, right, bottom = (edge * _POINTS_PER_MM for edge in box)
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        height = page.get_height()
        text = page.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _texts(pdf: bytes) -> list[str]:
    """The text of each page, by pdfium: pdfminer is a hundred times slower, and thousands of letters are read."""
    with pypdfium2.PdfDocument(pdf) as document:
        return ["\n".join(page.get_textpage().get_text_bounded().splitlines()) for page in document]


def _fonts(page: Page) -> list[tuple[str, bool]]:
    found = []
    for reference in (resolve1(page.page_obj.resources.get("Font")) or {}).values():
        font: dict[str, Any] = resolve1(reference)
        for part in (font, *(resolve1(one) for one in resolve1(font.get("DescendantFonts")) or ())):
            descriptor = resolve1(part.get("FontDescriptor")) or {}
            if "DescendantFonts" not in part:
                is_embedded = any(name in descriptor for name in ("FontFile", "FontFile2", "FontFile3"))
                found.append((str(resolve1(part.get("BaseFont"))), is_embedded))
    return found
