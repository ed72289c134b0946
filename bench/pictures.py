"""The plots of ``docs/performance.md``, by the name of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.plots import lines, stacked

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEMBERS = "members"


def pictures(measured: Mapping[str, Any]) -> dict[str, str]:
    """Draw every plot whose figures are there."""
    drawn = {}
    if "members" in measured:
        drawn["performance-time.svg"] = time_of_flows(measured["members"])
    if "growth" in measured:
        drawn["performance-growth.svg"] = growth(measured["growth"])
    if "cost" in measured:
        drawn["performance-cost.svg"] = cost(measured["cost"])
    return drawn


def time_of_flows(measured: Mapping[str, Any]) -> str:
    """Draw where the processor time of a sign-in and of a reset goes."""
    milliseconds = measured["milliseconds"]
    rows = {}
    for flow, parts in measured["parts"].items():
        own = measured["beside_argon2"]["milliseconds"] if flow == "sign-in" else milliseconds[flow]["median"]
        rows[flow] = {part: share * own for part, share in parts.items()}
    rows["sign-in"] = {"argon2": milliseconds["engine"]["median"], **rows["sign-in"]}
    rows = {"bare, by the wheel": {"argon2": milliseconds["wheel"]["median"]}, **rows}
    return stacked("Processor time of a verification, of a sign-in and of a reset, by part", rows, "ms")


def growth(measured: Mapping[str, Any]) -> str:
    """Draw the time of each flow over the number of members."""
    series = {
        flow: {f"{int(size):,} {_MEMBERS}": one["milliseconds"]["median"] for size, one in by_size.items()}
        for flow, by_size in measured["flows"].items()
    }
    return lines("Median time of a flow on DynamoDB Local, by the number of members", series, "ms")


def cost(measured: Mapping[str, Any]) -> str:
    """Draw what a million of each flow costs, by service."""
    rows = {
        flow: {service: dollars for service, dollars in one["dollars"].items() if service != "SES"}
        for flow, one in measured["flows"].items()
    }
    return stacked(f"Dollars for a million of each flow in {measured['region']}, without e-mails", rows, "$")
