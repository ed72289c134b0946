"""Measures how much a processor carries where no member waits: letters up to the provider's door, e-mails, rows."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from bench.artifact import lambda_environment, rounds, worker
from bench.flows import FUNCTIONS
from bench.members import SERVING, parts
from bench.spread import spread

if TYPE_CHECKING:
    from bench.artifact import Artifact
    from bench.flows import Script

_FLOWS = ("letter", "e-mail")
_IMPORT, _IMPORTING = "ImportLoadFunction", "from bench.inside.importing import main; main()"
_WARM = 3
_AT_ONCE = 10


def measure(artifact: Artifact, script: Script, number: int, rows: int) -> dict[str, Any]:
    """Send ten of each in each of so many rounds, and import so many new members.

    Returns:
        Spreads of items a second and processor, the calls of one, memory in MiB after the first and at the end, and
        where the time of a letter goes.
    """
    rates: dict[str, list[float]] = {flow: [] for flow in (*_FLOWS, "row")}
    found: dict[str, dict[str, Any]] = {}
    with ExitStack() as running:
        workers = {
            flow: running.enter_context(worker(artifact.command(function, SERVING), script.environment(function)))
            for flow, function in FUNCTIONS.items()
            if flow in _FLOWS
        }
        importing = running.enter_context(
            worker(artifact.command(_IMPORT, _IMPORTING), lambda_environment(_IMPORT, {}))
        )
        for flow, one in workers.items():
            one.ask(**script.setup(FUNCTIONS[flow], artifact.entry(FUNCTIONS[flow])))
            calls = one.ask(do="run", name=flow, times=_WARM)["calls"]
            found[flow] = {"calls": calls, "mebibytes_at_first": one.ask(do="memory")}
        for _ in rounds(number):
            for flow, one in workers.items():
                rates[flow].append(_AT_ONCE / sum(one.ask(do="run", name=flow, times=_AT_ONCE)["seconds"]))
            imported = importing.ask(do="import", number=rows)
            if imported["new"] != rows:
                raise RuntimeError(f"{imported['new']} of {rows} rows were new members")
            rates["row"].append(rows / imported["seconds"])
            found.setdefault("row", {"mebibytes_at_first": imported["mebibytes"]})["mebibytes"] = imported["mebibytes"]
        for flow, one in workers.items():
            found[flow]["mebibytes"] = one.ask(do="memory")
        shares = workers["letter"].ask(do="profile", name="letter", times=number)
    return {"rounds": number, "rows": rows, "parts": parts(shares)} | {
        flow: {**found[flow], "a_second_and_processor": spread(all_)} for flow, all_ in rates.items()
    }
