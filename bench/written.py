"""The committed figures, and what is written from them: tables and pictures of a page, and a line of the README."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.pictures import pictures
from bench.tables import SECTIONS, in_a_line
from simulators.template import ROOT
from tools import sections

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMITTED = Path(__file__).parent / "measured.json"
COMMAND = "bench"
_DIGITS = 4
DOCUMENT = ROOT / "docs" / "performance.md"
README = ROOT / "README.md"


def write(measured: Mapping[str, Any], committed: Path = COMMITTED) -> None:
    """Replace the committed figures of each part that was measured, and write the documents and pictures again."""
    kept: dict[str, Any] = json.loads(committed.read_text(encoding="utf-8")) if committed.exists() else {}
    kept |= rounded(measured)
    committed.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for document, written in documents(kept).items():
        document.write_text(written, encoding="utf-8")
    for name, picture in pictures(kept).items():
        (DOCUMENT.parent / name).write_text(picture, encoding="utf-8")


def documents(measured: Mapping[str, Any]) -> dict[Path, str]:
    """Return each document with the present figures between its marks.

    Raises:
        SystemExit: a mark is missing.
    """
    found = {
        name: show(measured[part])
        if part == "cost"
        else f"{show(measured[part])}\n\n{_where(measured[part]['machine'])}"
        for name, (part, show) in SECTIONS.items()
        if part in measured
    }
    line = {"performance": in_a_line(measured)} if {"members", "start", "cost"} <= measured.keys() else {}
    return {
        document: sections.written_into(document.read_text(encoding="utf-8"), COMMAND, of_document)
        for document, of_document in ((DOCUMENT, found), (README, line))
    }


def rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Round each number to the digits that a measurement can have."""
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _where(machine: Mapping[str, Any]) -> str:
    return (
        f"Measured {machine['at']} UTC on {machine['processors']} processors ({machine['processor']}) with Python "
        f"{machine['python']}, at a load of {machine['load']}."
    )
