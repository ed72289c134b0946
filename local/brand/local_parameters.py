"""What ``make run`` shows of an insurer; a deployment takes the same parameters from ``samconfig.toml``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN: Final = ("InsurerName", "InsurerAddress", "InsurerSite", "InsurerHelpline", "LetterInColour")
"""The parameters of the template that a brand may set for a laptop."""

_TEXT = re.compile(r'[^\x00-\x1f\x7f"\\]+')
_YES_OR_NO: Final = ("true", "false")


def faults(file: str, written: object) -> Iterator[str]:
    """Yield a sentence for each parameter that ``make run`` cannot take.

    Args:
        file: the name of the brand's file.
        written: its content.
    """
    if not isinstance(written, dict):
        yield f'{file} must be one JSON object of parameters by name, such as {{"InsurerName": "…"}}.'
        return
    for name, value in written.items():
        if name not in KNOWN:
            yield f"{file}: {name} is none of {', '.join(KNOWN)}."
        elif name == "LetterInColour" and value not in _YES_OR_NO:
            yield f'{file}: {name} must be "true" or "false", in quotation marks.'
        elif not isinstance(value, str) or not all(map(_is_line, value.split("|"))):
            yield f"{file}: {name} must be text in one line, without quotation marks and backslashes in it."


def _is_line(text: str) -> bool:
    return bool(text.strip() and _TEXT.fullmatch(text))
