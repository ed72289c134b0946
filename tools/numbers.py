"""Numbers and tables as documents show them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a table in Markdown.

    Args:
        columns: the headings; one that begins with ``>`` is that of numbers.
        rows: the cells of each row.
    """
    headings = list(columns)
    rule = "|" + "|".join("---:" if heading.startswith(">") else "---" for heading in headings) + "|"
    return "\n".join([_row(heading.removeprefix(">") for heading in headings), rule, *map(_row, rows)])


def percentage(chance: float) -> str:
    """Write a chance as a percentage with two significant digits."""
    return f"{number(100 * chance)} %" if chance < 1 else "100 %"


def number(value: float) -> str:
    """Write a number with two significant digits, or as an integer if it has more."""
    if value <= 0:
        return "0"
    decimals = max(0, 1 - math.floor(math.log10(value)))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
