"""The logos of a brand: drawings that browsers and letters show alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE = re.compile(r"<svg[^>]*\bviewBox=\"[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)[ ,]+([\d.]+)\"")
_WITHOUT: Final = {
    "text": "has <text>, and letters have no other font than their own: turn it into outlines, as drawing programs do",
    "image": "has <image>, which is blurred on paper: draw it as shapes",
    "foreignObject": "has <foreignObject>, which letters leave out: draw it as shapes",
    "script": "holds a script. Save the drawing without it",
}
"""What a logo has none of, by the name of the element."""


def size(svg: bytes) -> tuple[float, float] | None:
    """Return the width and the height of a drawing; None if it states none."""
    found = _SIZE.search(svg.decode(errors="replace"))
    return (float(found[1]), float(found[2])) if found else None


def faults(name: str, svg: bytes) -> Iterator[str]:
    """Yield a sentence for each thing in a logo that a browser or a letter would not show.

    Args:
        name: the name of the brand's file.
        svg: its content.
    """
    if not size(svg):
        yield f'{name} needs a viewBox="0 0 width height", so that the page keeps its place free.'
    try:
        drawing = ET.fromstring(svg)  # noqa: S314 - the insurer's own file
    except ET.ParseError as error:
        yield f"{name} is no SVG that can be read: {error}."
        return
    held = {element.tag.rpartition("}")[2] for element in drawing.iter()}
    yield from (f"{name} {wrong}." for element, wrong in _WITHOUT.items() if element in held)
