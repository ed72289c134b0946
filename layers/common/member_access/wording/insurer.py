"""The insurer, as its letters and e-mails name it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from member_access.errors import InvalidValue


@dataclass(frozen=True)
class Insurer:
    """Who writes to the member; every part is a parameter of the stack.

    Attributes:
        name: as the members know it.
        address: the lines of its postal address.
        site: the address of the member area as a person types it, without ``https://``.
        helpline: the telephone number to call, grouped as it is to be read.

    Raises:
        InvalidValue: a part is empty, or has a line break or another control character. The name goes into
            e-mail headers, where a line break would begin a header of its own (RFC 5322 §2.2).
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
    """What keeps a text from being one line with something in it, or None."""
    if not text.strip():
        return "is empty"
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        return "has a line break or a control character"
    return None
