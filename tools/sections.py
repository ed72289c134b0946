"""Sections of documents that a command writes, each between its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def begin(command: str, section: str) -> str:
    """Return the mark before a section, such as the section ``quotas`` of ``python -m tools.cost``."""
    return f"<!-- python -m {command} --write: {section} -->"


def written_into(text: str, command: str, sections: Mapping[str, str]) -> str:
    """Replace each section between its marks in a text.

    Args:
        text: the document.
        command: the module that writes them.
        sections: what it writes, by the name in the mark.

    Raises:
        SystemExit: a mark is missing.
    """
    end = f"<!-- end of what {command.replace('.', '/')} has written -->"
    for section, written in sections.items():
        mark = begin(command, section)
        before, begun, rest = text.partition(mark)
        _, ended, after = rest.partition(end)
        if not begun or not ended:
            raise SystemExit(f"The section goes between {mark} and {end}, but one of these marks is missing.")
        text = f"{before}{mark}\n\n{written}\n\n{end}{after}"
    return text
