"""Writes the report of an import: every rejected row, with its line and the reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from member_access.values.types import Identifier


def report_path(file: Path) -> Path:
    """Return the path of a file's report, in the same folder."""
    return Path(f"{file}.report.csv")


class ImportReport:
    """A CSV of line, identifier (if readable) and reason. It repeats no other value of a row."""

    def __init__(self, handle: TextIO) -> None:
        self._writer = csv.writer(handle, lineterminator="\n")
        self._writer.writerow(("line", "identifier", "reason"))

    def refuse(self, line: int, identifier: Identifier | None, reason: str) -> None:
        """Add a rejected row."""
        self._writer.writerow((line, identifier or "", reason))
