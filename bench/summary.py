"""The one table that ``make bench`` prints, from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.tables import MEGA, between, milliseconds
from tools.numbers import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bench.spread import Spread

AIMS = {
    "sign-in": "≤ 0.80, with the wheel ≤ 1.15",
    "beside argon2": "≤ 0.15",
    "LoginFunction": "≤ 1.5",
    "ResetFunction": "≤ 1.5",
    "IdentifierFunction": "≤ 1.5",
    "LettersFunction": "≤ 2",
    "layer": "≤ 40 MB",
    "growth": "0.90 to 1.10",
    "letter": "≥ 100",
    "cost": "≤ 18",
}
"""The aims of this project, as ratios where nothing else stands."""

Row = tuple[str, str, str, str, str]


def summary(measured: Mapping[str, Any]) -> str:
    """Write everything that was measured as one table."""
    rows = [row for part, of_part in _ROWS.items() if part in measured for row in of_part(measured[part])]
    return table(["what", ">median", ">half lie between", ">ratio", ">aim"], rows)


def _members(measured: Mapping[str, Any]) -> Iterator[Row]:
    for name, spread in measured["milliseconds"].items():
        ratio = measured["to_the_wheel"].get(name)
        title = {"wheel": "argon2 alone: the wheel", "engine": "argon2 alone: as built"}.get(name, name)
        yield title, milliseconds(spread["median"]), between(spread), _ratio(ratio, "× the wheel"), AIMS.get(name, "")
    rest = measured["beside_argon2"]
    ratio = f"{rest['to_the_wheel']:.2f} × the wheel"
    yield "sign-in without argon2", milliseconds(rest["milliseconds"]), "", ratio, AIMS["beside argon2"]


def _start(measured: Mapping[str, Any]) -> Iterator[Row]:
    floor = measured["floor"]["milliseconds"]
    yield "start: boto3 with one client", milliseconds(floor["median"]), between(floor), "1 × the floor", ""
    for name, one in measured["functions"].items():
        whole = one["import"]["median"] + one["compose"]["median"]
        spread = _spread_of_ratio(one["to_the_floor"])
        yield (
            f"start: {name}",
            milliseconds(whole),
            spread,
            _ratio(one["to_the_floor"], "× the floor"),
            AIMS.get(name, ""),
        )
    yield "the layer, unzipped", f"{measured['bytes']['layer'] / MEGA:.1f} MB", "", "", AIMS["layer"]


def _growth(measured: Mapping[str, Any]) -> Iterator[Row]:
    for flow, by_size in measured["flows"].items():
        for size, one in by_size.items():
            what = f"{flow} among {int(size):,} members: {one['calls']} calls, {one['units']:g} units"
            spread = one["milliseconds"]
            ratio = f"{one['to_the_smallest']:.2f} × the fewest"
            yield what, milliseconds(spread["median"]), between(spread), ratio, AIMS["growth"]


def _throughput(measured: Mapping[str, Any]) -> Iterator[Row]:
    for what in ("letter", "e-mail", "row"):
        one = measured[what]
        spread = one["a_second_and_processor"]
        title = {"letter": "letters", "e-mail": "e-mails", "row": "new rows of an import"}[what]
        between = f"{spread['low']:,.0f} to {spread['high']:,.0f}"
        rate = f"{spread['median']:,.0f} a second"
        yield f"{title} on one processor, {one['mebibytes']:.0f} MiB", rate, between, "", AIMS.get(what, "")


def _cost(measured: Mapping[str, Any]) -> Iterator[Row]:
    for flow, one in measured["flows"].items():
        dollars = sum(one["dollars"].values())
        yield f"a million: {flow}", f"{dollars:,.2f} $", "", "", AIMS["cost"] if flow == "sign-in" else ""


def _peers(measured: Mapping[str, Any]) -> Iterator[Row]:
    for name, one in measured["services"].items():
        spread = one["milliseconds"]
        title = f"sign-in by {name} {one['version']}".strip()
        yield title, milliseconds(spread["median"]), between(spread), _ratio(one["to_the_wheel"], "× the wheel"), ""


def _equal_time(measured: Mapping[str, Any]) -> Iterator[Row]:
    for name, one in measured["flows"].items():
        difference = f"{one['known_less_unknown_microseconds']:+.0f} µs, t {one['welch_t']:+.2f}"
        yield f"member less unknown: {name}", f"{one['milliseconds']:.2f} ms", "", difference, "t below 4.5"


_ROWS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Row]]] = {
    "members": _members,
    "start": _start,
    "throughput": _throughput,
    "growth": _growth,
    "cost": _cost,
    "peers": _peers,
    "equal-time": _equal_time,
}


def _spread_of_ratio(spread: Spread) -> str:
    return f"{spread['low']:.2f} to {spread['high']:.2f} ×"


def _ratio(spread: Spread | None, to: str) -> str:
    return f"{spread['median']:.2f} {to}" if spread else ""
