"""What repeated measurements show: their middle, and how far they lie apart."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUARTERS = 4
_FEWEST = 2


class Spread(TypedDict):
    """The median of some measurements, and the quarter marks around it: half of them lie between."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Summarise measurements."""
    if len(values) < _FEWEST:
        return Spread(median=values[0], low=values[0], high=values[0])
    low, median, high = statistics.quantiles(values, n=_QUARTERS, method="inclusive")
    return Spread(median=median, low=low, high=high)


def ratios(values: Sequence[float], to: Sequence[float]) -> Spread:
    """Summarise ratios of measurements that were taken in the same rounds: what slows a round slows both."""
    return spread([value / other for value, other in zip(values, to, strict=True)])
