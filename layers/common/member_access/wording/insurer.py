"""The insurer, as its letters and e-mails name it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from member_access.errors import InvalidValue

LEAST_CONTRAST: Final = 4.5
"""Of text and what is behind it (WCAG 2.2 §1.4.3)."""

_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_LINEAR_BELOW: Final = 0.04045


@dataclass(frozen=True)
class Insurer:
    """The sender of e-mails and letters; every part is a parameter of the stack.

    Attributes:
        name: the name that members know.
        address: the lines of its postal address.
        site: the address of the member area as people type it, without ``https://``.
        helpline: the telephone number, grouped for reading.
        accent: the colour of its brand, such as ``#0b5563``.

    Raises:
        InvalidValue: a part is empty, or has a line break or another control character. The name goes into
            e-mail headers, where a line break would begin another header (RFC 5322 §2.2). Or the accent cannot be
            read on white.
    """

    name: str
    address: tuple[str, ...]
    site: str
    helpline: str
    accent: str

    def __post_init__(self) -> None:
        parts = {"name": self.name, "site": self.site, "helpline": self.helpline}
        parts |= {f"address line {number}": line for number, line in enumerate(self.address, start=1)}
        for what, text in parts.items():
            if complaint := one_line_complaint(text):
                raise InvalidValue(f"the insurer's {what} {complaint}")
        if complaint := accent_complaint(self.accent):
            raise InvalidValue(f"the insurer's accent {complaint}")


def one_line_complaint(text: str) -> str | None:
    """Return why a text is not one non-empty line, or None if it is."""
    if not text.strip():
        return "is empty"
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        return "has a line break or a control character"
    return None


def accent_complaint(colour: str) -> str | None:
    """Return why a colour cannot be an accent, or None if it can.

    E-mails write with it on white, and in white on it.
    """
    if not _COLOUR.fullmatch(colour):
        return "is not a colour such as #0b5563"
    if (contrast := _contrast_with_white(colour)) < LEAST_CONTRAST:
        return f"is too light: its contrast with white is {contrast:.2f}, and at least {LEAST_CONTRAST} is needed"
    return None


def _contrast_with_white(colour: str) -> float:
    """Return the contrast of a colour with white, from 1 to 21 (WCAG 2.2, contrast ratio and relative luminance)."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
