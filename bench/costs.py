"""Takes what a million of each flow costs from the counted calls and the prices of ``tools.cost``."""

from __future__ import annotations

from typing import Any

from tools.cost.bill import bill
from tools.cost.prices import REGIONS, Prices
from tools.cost.usage import Usage

_MILLION = 1_000_000


def measure() -> dict[str, Any]:
    """Return the dollars of each flow in the first region, by service."""
    prices = Prices.read(REGIONS[0])
    return {
        "region": REGIONS[0],
        "flows": {
            flow.name: {
                "requests": flow.requests,
                "rru": flow.rru,
                "wru": flow.wru,
                "dollars": {service: _MILLION * cost for service, cost in bill(flow, prices).items() if cost},
            }
            for flow in Usage.read().flows.values()
        },
    }
