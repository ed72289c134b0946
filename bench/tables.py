"""The tables of ``docs/performance.md``, from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.numbers import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bench.spread import Spread

MEGA = 1e6
_PARTS_SHOWN = 12


def milliseconds(value: float) -> str:
    """Write a time."""
    return f"{value:,.1f} ms"


def between(spread: Spread) -> str:
    """Write between which values half of the measurements lie."""
    return f"{spread['low']:,.1f} to {spread['high']:,.1f}"


def members(measured: Mapping[str, Any]) -> str:
    """Write the flows in which a member waits."""
    cost, rest = measured["cost"], measured["beside_argon2"]
    rows = [
        [
            name,
            str(measured["calls"].get(name, "")),
            milliseconds(spread["median"]),
            between(spread),
            *_two(measured, name),
        ]
        for name, spread in measured["milliseconds"].items()
    ]
    columns = ["flow", ">AWS calls", ">processor time", ">half lie between", ">× the wheel", ">half lie between"]
    return f"""\
{table(columns, rows)}

"wheel" is a bare verification by argon2-cffi's own wheel, "engine" one by the argon2 of the built layer; argon2id with
{cost["memory_kib"]:,} KiB, {cost["passes"]} passes, {cost["lanes"]} lane; {measured["rounds"]} rounds. What is not
argon2 in a sign-in takes {milliseconds(rest["milliseconds"])}, {rest["to_the_wheel"]:.2f} × the wheel."""


def _two(measured: Mapping[str, Any], name: str) -> Sequence[str]:
    ratio = measured["to_the_wheel"].get(name)
    return (f"{ratio['median']:.2f}", f"{ratio['low']:.2f} to {ratio['high']:.2f}") if ratio else ("1", "")


def parts(measured: Mapping[str, Any]) -> str:
    """Write where the time beside argon2 goes."""
    flows = list(measured["parts"])
    first = measured["parts"][flows[0]]
    names = sorted(first, key=lambda part: -first[part])[:_PARTS_SHOWN]
    rows = [[name, *(f"{100 * measured['parts'][flow].get(name, 0):.0f} %" for flow in flows)] for name in names]
    return table(["part of what is not argon2", *(f">{flow}" for flow in flows)], rows)


def start(measured: Mapping[str, Any]) -> str:
    """Write the start of each function."""
    rows = [
        [
            f"`{name}`",
            f"{one['import']['median']:.0f}",
            f"{one['compose']['median']:.0f}",
            f"{one['first_request']['median']:.0f}" if one["first_request"] else "",
            f"{one['to_the_floor']['median']:.2f}",
            f"{one['to_the_floor']['low']:.2f} to {one['to_the_floor']['high']:.2f}",
            f"{one['without_bytecode']['median']:.1f}",
            f"{one['mebibytes']:.0f}",
            f"{measured['bytes'][name] / MEGA:.1f}",
        ]
        for name, one in measured["functions"].items()
    ]
    columns = [
        "function",
        ">import ms",
        ">compose ms",
        ">first request ms",
        ">× the floor",
        ">half lie between",
        ">without bytecode ×",
        ">MiB",
        ">MB unzipped",
    ]
    floor, of_floor = measured["floor"], measured["floor"]["milliseconds"]
    return f"""\
{table(columns, rows)}

The floor is boto3 with one client: {milliseconds(of_floor["median"])} ({between(of_floor)}) and
{floor["mebibytes"]:.0f} MiB. Processor time in {measured["rounds"]} rounds; MiB is the peak of memory after the first
request, or after the start if none is shown. The layer has {measured["bytes"]["layer"] / MEGA:.1f} MB, unzipped."""


def growth(measured: Mapping[str, Any]) -> str:
    """Write the flows by the number of members."""
    rows = [
        [
            flow,
            f"{int(size):,}",
            str(one["calls"]),
            f"{one['units']:g}",
            milliseconds(one["milliseconds"]["median"]),
            between(one["milliseconds"]),
            f"{one['to_the_smallest']:.2f}",
        ]
        for flow, by_size in measured["flows"].items()
        for size, one in by_size.items()
    ]
    columns = ["flow", ">members", ">AWS calls", ">units", ">median", ">half lie between", ">× the fewest"]
    return f"""\
{table(columns, rows)}

Units are those that DynamoDB Local reports, reads and writes together; times are by the clock, in
{measured["rounds"]} rounds."""


def throughput(measured: Mapping[str, Any]) -> str:
    """Write letters, e-mails and rows."""
    rows = []
    for what, title in {"letter": "letters", "e-mail": "e-mails with a code", "row": "new rows of an import"}.items():
        one = measured[what]
        spread = one["a_second_and_processor"]
        between = f"{spread['low']:,.0f} to {spread['high']:,.0f}"
        memory = f"{one['mebibytes_at_first']:.0f}", f"{one['mebibytes']:.0f}"
        rows.append([title, f"{spread['median']:,.0f}", between, *memory])
    columns = ["what", ">a second and processor", ">half lie between", ">MiB at first", ">MiB at the end"]
    shares = measured["parts"]
    most = ", ".join(f"{part} {100 * shares[part]:.0f} %" for part in sorted(shares, key=lambda one: -shares[one])[:4])
    return f"{table(columns, rows)}\n\nThe processor time of a letter: {most}."


def cost(measured: Mapping[str, Any]) -> str:
    """Write what a million of each flow costs."""
    flows = measured["flows"]
    services = list(dict.fromkeys(service for one in flows.values() for service in one["dollars"]))
    rows = []
    for flow, one in flows.items():
        dollars = one["dollars"]
        each = [f"{dollars.get(service, 0):,.2f}" for service in services]
        rows.append([flow, *each, f"**{sum(dollars.values()):,.2f}**"])
    return table([f"a million, {measured['region']}", *(f">{service}" for service in services), ">$"], rows)


def peers(measured: Mapping[str, Any]) -> str:
    """Write the peers beside this service."""
    guesses = measured["of_guesses"]
    rows = [
        [
            f"{name} {one['version']}".strip(),
            milliseconds(one["milliseconds"]["median"]),
            f"{one['to_the_wheel']['median']:.2f}",
            f"{one['to_the_wheel']['low']:.2f} to {one['to_the_wheel']['high']:.2f}",
            f"{one['a_second_and_processor']:.0f}",
            f"{one['processor_seconds_to_ready']:.2f} s",
            str(one.get("guesses_of_one_address", "")),
            str(one.get("guesses_of_as_many_addresses", "")),
        ]
        for name, one in measured["services"].items()
    ]
    columns = [
        "service",
        ">processor time of a sign-in",
        ">× the wheel",
        ">half lie between",
        ">sign-ins a second and processor",
        ">processor time to ready, best of 3",
        f">of {guesses} guesses at once, evaluated",
        f">from {guesses} addresses",
    ]
    settings = "\n".join(f"- {name}: {one['setting']}." for name, one in measured["services"].items())
    missing = "".join(f"\n- {name} is missing: {why}" for name, why in measured["missing"].items())
    return f"{table(columns, rows)}\n\n{settings}{missing}"


def in_a_line(measured: Mapping[str, Any]) -> str:
    """Write the line of the README."""
    sign_in = measured["members"]["to_the_wheel"]["sign-in"]["median"]
    start_ = measured["start"]["functions"]["LoginFunction"]["to_the_floor"]["median"]
    flows = measured["cost"]["flows"]
    new, known = (sum(flows[name]["dollars"].values()) for name in ("sign-in", "sign-in in a known browser"))
    return f"""\
**Fast and cheap, and measured**: a sign-in takes {sign_in:.2f} × the processor time of an argon2id verification, a
cold start {start_:.1f} × that of boto3 with one client, and a million sign-ins cost {known:,.0f}
dollars in browsers that members have used before, {new:,.0f} in new ones
([performance](docs/performance.md))."""


SECTIONS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "sign-in": ("members", members),
    "parts": ("members", parts),
    "start": ("start", start),
    "growth": ("growth", growth),
    "throughput": ("throughput", throughput),
    "cost": ("cost", cost),
    "peers": ("peers", peers),
}
"""What is written into the document, by the name in its mark: the part that it shows, and how."""
