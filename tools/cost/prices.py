"""List prices of AWS from a dated file, with the source of each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PRICES = Path(__file__).parent / "prices-2026-11.json"
REGIONS = ("us-east-1", "eu-west-3")


@dataclass(frozen=True)
class Prices:
    """The prices of one region.

    Attributes:
        region: its code.
        unsourced: the prices that were asked for and have no source for this region; those of us-east-1, or of the
            file, stand in for them.
    """

    region: str
    _prices: Mapping[str, Any]
    unsourced: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, region: str, path: Path = PRICES) -> Prices:
        """Read the file of prices."""
        return cls(region, json.loads(path.read_text(encoding="utf-8"))["prices"])

    def of(self, name: str) -> float:
        """Return the price of one unit in dollars.

        Raises:
            KeyError: the file has no such price.
        """
        entry = self._prices[name]
        amount = entry[self.region]
        if amount is None or entry["status"] == "estimate":
            self.unsourced.add(name)
        return float((entry[REGIONS[0]] if amount is None else amount) / entry["per"])


def sources(path: Path = PRICES) -> list[tuple[str, str, str, str, str]]:
    """List name, both prices, unit and source of each price, as texts."""
    body = json.loads(path.read_text(encoding="utf-8"))
    return [
        (
            name,
            *("estimate" if entry[region] is None else f"{entry[region]:,}" for region in REGIONS),
            f"{entry['per']:,} {entry['unit']}",
            f"{entry['source']} ({entry['status']})",
        )
        for name, entry in body["prices"].items()
    ]
