"""Reads the codes in the messages of the inbox."""

from __future__ import annotations

import re
from typing import Literal

_CODES = {
    "emails": r"(?<=code)\W{1,3}\d{6}(?!\d)",
    # The telephone number has the same form, and comes after the code.
    "letters": r"(?<!\d)\d{2}(?:[ \u00a0\u202f]\d{2}){4}(?![\d ])",
}


def code_in(text: str, kind: Literal["emails", "letters"]) -> str | None:
    """Return the code in a message, without the blanks; None if it has none."""
    found = re.search(_CODES[kind], text)
    return re.sub(r"\D", "", found[0]) if found else None
