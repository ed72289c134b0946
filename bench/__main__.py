"""Measures, prints one table, and keeps the figures as JSON in ``.local/bench/measured.json``.

``make bench`` runs every part but those that take long or install something: ``GROWTH=1`` adds a million members,
``PEERS=1`` the other sign-in services, ``PARTS="members start"`` chooses.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import cold_start, costs, growth, members, throughput, timing
from bench.artifact import FOLDER, Artifact
from bench.flows import Script, recorded_script
from bench.peers import measuring
from bench.recording import mocked_cloud
from bench.summary import summary
from bench.written import rounded, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MEASURED = FOLDER / "measured.json"
_DEFAULT = ("members", "start", "throughput", "growth", "cost")
_LARGE_HEAP = "2g"


class Rounds:
    """How often each part measures.

    Args:
        factor: 1 for the committed figures; a test takes much less.
    """

    def __init__(self, factor: float = 1) -> None:
        self._factor = factor

    def of(self, number: int) -> int:
        """Return the rounds of a part that takes so many for the committed figures."""
        return max(2, round(self._factor * number))


class Bench:
    """The parts of a run; they share one build and one record of the flows."""

    def __init__(self, rounds: Rounds, *, million: bool) -> None:
        self._rounds, self._million = rounds, million
        self._artifact: Artifact | None = None

    def run(self, part: str) -> dict[str, Any]:
        """Measure one part."""
        return self.parts()[part]()

    def parts(self) -> Mapping[str, Callable[[], dict[str, Any]]]:
        """Return what measures each part, by its name."""
        rounds = self._rounds
        sizes, heap = ((*growth.SIZES, growth.LARGEST), _LARGE_HEAP) if self._million else (growth.SIZES, "512m")
        return {
            "members": lambda: members.measure(*self._built(), rounds.of(60)),
            "start": lambda: cold_start.measure(*self._built(), rounds.of(5)),
            "throughput": lambda: throughput.measure(*self._built(), rounds.of(10), rows=rounds.of(2_000)),
            "growth": lambda: growth.measure(rounds.of(200), sizes, heap),
            "cost": costs.measure,
            "peers": lambda: measuring.measure(*self._built(), rounds.of(12)),
            "equal-time": lambda: timing.measure(rounds.of(timing.MEASUREMENTS)),
        }

    def _built(self) -> tuple[Artifact, Script]:
        if self._artifact is None:
            self._artifact = Artifact.built()
        # Recorded again for each part: codes and sessions expire within minutes.
        with mocked_cloud() as cloud:
            return self._artifact, recorded_script(cloud)


def machine() -> dict[str, Any]:
    """Describe where and when a run takes place."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "processor": model or platform.processor(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "load": round(os.getloadavg()[0], 1),
    }


def main(arguments: Sequence[str]) -> None:
    """Measure the parts that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*Bench(Rounds(), million=False).parts(), []], help="all but two")
    parser.add_argument("--peers", action="store_true", help="install the peers and measure them too")
    parser.add_argument("--million", action="store_true", help="measure growth up to a million members, too")
    parser.add_argument("--factor", type=float, default=1, help="more or fewer rounds")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    chosen = parser.parse_args(arguments)
    bench = Bench(Rounds(chosen.factor), million=chosen.million)
    measured: dict[str, Any] = {}
    for part in [*(chosen.parts or _DEFAULT), *(["peers"] if chosen.peers and "peers" not in chosen.parts else [])]:
        print(f"{part} …", file=sys.stderr)
        where = machine()
        measured[part] = {**bench.run(part), "machine": where}
    measured = rounded(measured)
    FOLDER.mkdir(parents=True, exist_ok=True)
    MEASURED.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(summary(measured))
    if chosen.write:
        write(measured)


if __name__ == "__main__":
    main(sys.argv[1:])
