"""Prints the tables of ``docs/scaling.md``; with ``--write`` also writes them into it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.cost.tables import SECTIONS, written_into

if TYPE_CHECKING:
    from collections.abc import Sequence

TARGET = Path(__file__).parents[2] / "docs/scaling.md"


def main(arguments: Sequence[str]) -> None:
    """Print every table, and write them if asked to."""
    for written in SECTIONS.values():
        print(written(), end="\n\n")
    if "--write" in arguments:
        TARGET.write_text(written_into(TARGET.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
