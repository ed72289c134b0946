"""The committed figures, and what is written from them: the tables and pictures of ``docs/performance.md``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.pictures import pictures
from bench.tables import SECTIONS
from simulators.template import ROOT
from tools import sections

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMITTED = Path(__file__).parent / "measured.json"
COMMAND = "bench"
DOCUMENT = ROOT / "docs" / "performance.md"


def write(measured: Mapping[str, Any], committed: Path, document: Path = DOCUMENT) -> None:
    """Replace the committed figures of each part that was measured, and write the document and its pictures again."""
    kept: dict[str, Any] = json.loads(committed.read_text(encoding="utf-8")) if committed.exists() else {}
    kept |= measured
    committed.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    document.write_text(written_into(document.read_text(encoding="utf-8"), kept), encoding="utf-8")
    for name, picture in pictures(kept).items():
        (document.parent / name).write_text(picture, encoding="utf-8")


def written_into(text: str, measured: Mapping[str, Any]) -> str:
    """Replace each table between its marks in a text.

    Raises:
        SystemExit: a mark is missing.
    """
    found = {
        name: f"{show(measured[part])}\n\n{_where(measured[part]['machine'])}"
        for name, (part, show) in SECTIONS.items()
        if part in measured
    }
    return sections.written_into(text, COMMAND, found)


def _where(machine: Mapping[str, Any]) -> str:
    return (
        f"Measured {machine['at']} UTC on {machine['processors']} processors ({machine['processor']}) with Python "
        f"{machine['python']}, at a load of {machine['load']}."
    )
