"""The level of accessibility that the portal states, computed from the audit that is committed.

Source: RGAA 4.1.2, "Obligations d'accessibilité": all applicable criteria, at least half of them, or less.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

GRID: Final = "docs/accessibility/rgaa.csv"
CRITERIA: Final = 106
_HALF = 0.5
_MET, _NOT_MET, _NOT_APPLICABLE = "C", "NC", "NA"


@dataclass(frozen=True)
class Level:
    """The outcome of an audit.

    Attributes:
        name: ``full``, ``partial`` or ``none``, or ``unaudited``, which states no more than ``none``.
        percent: of the applicable criteria, those that are met, rounded down.
    """

    name: str
    percent: int

    @property
    def stated(self) -> str:
        """What every page says: ``full``, ``partial`` or ``none``."""
        return "none" if self.name == "unaudited" else self.name


def level_of(grid: bytes | None) -> Level:
    """Compute the level. A grid that is missing or does not judge all criteria proves nothing.

    Args:
        grid: CSV with a column ``result`` that holds C, NC or NA for each criterion.
    """
    results = [row.get("result") for row in csv.DictReader(io.StringIO((grid or b"").decode()))]
    met, not_met = results.count(_MET), results.count(_NOT_MET)
    if met + not_met + results.count(_NOT_APPLICABLE) != CRITERIA or not met:
        return Level("unaudited", 0)
    share = met / (met + not_met)
    return Level("full" if not not_met else "partial" if share >= _HALF else "none", int(100 * share))
