"""The report of an import: every row that was refused, with its line and the reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from member_access.values.types import Identifier


def report_path(file: Path) -> Path:
    """Where the report on a file goes: beside it."""
    return Path(f"{file}.report.csv")


class ImportReport:
    """A CSV of line, identifier where it is readable, and reason. It repeats no other value of a row."""

    def __init__(self, handle: TextIO) -> None:
        self._writer = csv.writer(handle, lineterminator="\n")
        self._writer.writerow(("line", "identifier", "reason"))

    def refuse(self, line: int, identifier: Identifier | None, reason: str) -> None:
        """Tell of one row."""
        self._writer.writerow((line, identifier or "", reason))
