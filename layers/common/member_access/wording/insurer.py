"""The insurer, as its letters and e-mails name it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from member_access.errors import InvalidValue


@dataclass(frozen=True)
class Insurer:
    """The sender of e-mails and letters; every part is a parameter of the stack.

    Attributes:
        name: the name that members know.
        address: the lines of its postal address.
        site: the address of the member area as people type it, without ``https://``.
        helpline: the telephone number, grouped for reading.

    Raises:
        InvalidValue: a part is empty, or has a line break or another control character. The name goes into
            e-mail headers, where a line break would begin another header (RFC 5322 §2.2).
    """

    name: str
    address: tuple[str, ...]
    site: str
    helpline: str

    def __post_init__(self) -> None:
        parts = {"name": self.name, "site": self.site, "helpline": self.helpline}
        parts |= {f"address line {number}": line for number, line in enumerate(self.address, start=1)}
        for what, text in parts.items():
            if complaint := one_line_complaint(text):
                raise InvalidValue(f"the insurer's {what} {complaint}")


def one_line_complaint(text: str) -> str | None:
    """Return why a text is not one non-empty line, or None if it is."""
    if not text.strip():
        return "is empty"
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        return "has a line break or a control character"
    return None
