"""Measures the flows in which a member waits: processor time beside a bare verification by argon2-cffi's own wheel."""

from __future__ import annotations

import os
from contextlib import ExitStack
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from bench.artifact import rounds, wheel, worker
from bench.flows import FUNCTIONS, MEMBERS, SIGN_IN, argon2_cost
from bench.spread import ratios, spread

if TYPE_CHECKING:
    from bench.artifact import Artifact
    from bench.flows import Script

SERVING = "from bench.inside.serving import main; main()"
_WARM = 3
_EACH = 3


def measure(artifact: Artifact, script: Script, number: int) -> dict[str, Any]:
    """Measure each flow three times in each of so many rounds.

    Returns:
        Spreads in milliseconds and as ratios to the wheel, the calls of each flow, and the profiler's shares.
    """
    cost = argon2_cost()
    functions = sorted({FUNCTIONS[flow] for flow in MEMBERS})
    seconds: dict[str, list[float]] = {name: [] for name in ("wheel", "engine", *MEMBERS)}
    calls = {}
    with ExitStack() as running:
        bare = running.enter_context(worker(wheel(), {"PATH": os.defpath}))
        serving = {
            function: running.enter_context(worker(artifact.command(function, SERVING), script.environment(function)))
            for function in functions
        }
        for function, one in serving.items():
            one.ask(**script.setup(function, artifact.entry(function)))
        for flow in MEMBERS:
            calls[flow] = serving[FUNCTIONS[flow]].ask(do="run", name=flow, times=_WARM)["calls"]
        engine = serving[FUNCTIONS[SIGN_IN]]
        for _ in rounds(number):
            seconds["wheel"].append(fmean(bare.ask(do="verify", cost=cost, times=_EACH)))
            seconds["engine"].append(fmean(engine.ask(do="verify", cost=cost, times=_EACH)))
            for flow in MEMBERS:
                run = serving[FUNCTIONS[flow]].ask(do="run", name=flow, times=_EACH)
                seconds[flow].append(fmean(run["seconds"]))
        shares = {
            flow: serving[FUNCTIONS[flow]].ask(do="profile", name=flow, times=number) for flow in (SIGN_IN, "reset")
        }
    return {
        "rounds": number,
        "cost": dict(zip(("memory_kib", "passes", "lanes"), cost, strict=True)),
        "milliseconds": {name: spread([1000 * one for one in all_]) for name, all_ in seconds.items()},
        "to_the_wheel": {name: ratios(all_, seconds["wheel"]) for name, all_ in seconds.items() if name != "wheel"},
        "beside_argon2": beside_argon2(seconds),
        "calls": calls,
        "parts": {flow: parts(share) for flow, share in shares.items()},
    }


def beside_argon2(seconds: dict[str, list[float]]) -> dict[str, float]:
    """Return what is not argon2 in a sign-in, in milliseconds and as a ratio to the wheel.

    It is the difference of two medians: a verification and the sign-in that has one differ less than their noise.
    """
    engine, wheel_, whole = (median(seconds[name]) for name in ("engine", "wheel", SIGN_IN))
    return {"milliseconds": 1000 * (whole - engine), "to_the_wheel": (whole - engine) / wheel_}


def parts(shares: dict[str, float]) -> dict[str, float]:
    """Return each part's share in what is not argon2; the measurement's own work counts for none."""
    others = {part: share for part, share in shares.items() if part not in {"argon2", "the measurement"}}
    whole = sum(others.values())
    return {part: share / whole for part, share in others.items()}
