"""Measures the start of each function from the artifact in a fresh process, beside a plain boto3 with one client."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore

from bench.artifact import lambda_environment, rounds, worker
from bench.flows import FUNCTIONS
from bench.members import SERVING
from bench.spread import ratios, spread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.artifact import Artifact
    from bench.flows import Script

FIRST_REQUESTS = {function: flow for flow, function in reversed(FUNCTIONS.items())}
"""The flow that is the first request of a function; the others are only composed."""

_FLOOR = "from bench.inside.floor import main; main()"
_ANY = "LoginFunction"
_WITHOUT_BYTECODE = 2
"""Rounds: such a start takes more than twice as long, so a few show it."""


def measure(artifact: Artifact, script: Script, number: int, functions: Iterable[str] | None = None) -> dict[str, Any]:
    """Start each function in so many rounds, with and without bytecode.

    Returns:
        Spreads in milliseconds and as ratios to the floor, memory in MiB, and sizes in bytes.
    """
    chosen = list(functions or artifact.functions())
    bare = artifact.without_bytecode()
    floors: dict[str, list[dict[str, float]]] = defaultdict(list)
    starts: dict[str, list[dict[str, float]]] = defaultdict(list)
    slow: dict[str, list[dict[str, float]]] = defaultdict(list)
    for turn in rounds(number):
        for function in chosen:
            # Beside each start: a round takes a minute, and the machine's mood changes.
            floors[function].append(_floor(artifact))
            starts[function].append(start(artifact, script, function))
            if turn <= _WITHOUT_BYTECODE:
                slow[function].append(start(bare, script, function))
    floor = [one for all_ in floors.values() for one in all_]
    return {
        "rounds": number,
        "floor": {
            "milliseconds": spread([1000 * one["seconds"] for one in floor]),
            "mebibytes": statistics.median(one["mebibytes"] for one in floor),
        },
        "functions": {
            function: {
                "import": spread([1000 * one["import"] for one in all_]),
                "compose": spread([1000 * one["compose"] for one in all_]),
                "first_request": (
                    spread([1000 * one["first_request"] for one in all_]) if function in FIRST_REQUESTS else None
                ),
                "to_the_floor": ratios(
                    [one["import"] + one["compose"] for one in all_], [one["seconds"] for one in floors[function]]
                ),
                "without_bytecode": ratios(
                    [one["import"] + one["compose"] for one in slow[function]],
                    [one["import"] + one["compose"] for one in all_[: len(slow[function])]],
                ),
                "mebibytes": statistics.median(one["mebibytes"] for one in all_),
            }
            for function, all_ in starts.items()
        },
        "bytes": artifact.sizes(),
    }


def start(artifact: Artifact, script: Script, function: str) -> dict[str, float]:
    """Start a function once, and return processor seconds and memory."""
    with worker(artifact.command(function, SERVING), script.environment(function)) as one:
        steps: dict[str, float] = one.ask(**script.setup(function, artifact.entry(function)))
        if function in FIRST_REQUESTS:
            (steps["first_request"],) = one.ask(do="run", name=FIRST_REQUESTS[function])["seconds"]
        return {**steps, "mebibytes": one.ask(do="memory")}


def _floor(artifact: Artifact) -> dict[str, float]:
    # The layer has a part of botocore's data. A floor that it lowers would be none: this one has them as published.
    published = {"AWS_DATA_PATH": str(Path(botocore.__file__).parent / "data")}
    ended = subprocess.run(
        artifact.command(_ANY, _FLOOR),
        env=lambda_environment(_ANY, published),
        check=True,
        capture_output=True,
        text=True,
    )
    measured: dict[str, float] = json.loads(ended.stdout)
    return measured
