"""Compares builds of argon2 from the same locked source, in turns, each in a process of its own.

The reference code has no instructions of its own for arm64, so its portable file (``ref.c``) stands for arm64 here.

usage: python -m bench.engines [rounds]
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bench.artifact import rounds as counted
from bench.artifact import wheel, worker

if TYPE_CHECKING:
    from collections.abc import Mapping

_LAYER = Path(__file__).parents[1] / "layers" / "common"
_ROUNDS = 100
_BINDINGS = "argon2-cffi-bindings"
_WHEEL = "the wheel"
_LAYERS_OWN = "AVX2 and huge pages, in the layer"
# For each build: whether it has code for SSE2 and later, and the compiler's flags.
BUILDS = {
    "portable (ref.c), as on arm64": ("0", "-march=x86-64"),
    "x86-64 (SSE2), as the wheel": ("1", "-march=x86-64"),
    "x86-64-v2 (SSSE3)": ("1", "-march=x86-64-v2"),
    "x86-64-v3 (AVX2)": ("1", "-march=x86-64-v3"),
    _LAYERS_OWN: ("1", "-march=x86-64-v3 -D_GNU_SOURCE -include argon2_huge_pages.h"),
}
COSTS = ((19_456, 2), (19_456, 3), (28_672, 2), (31_744, 2), (36_864, 2))
"""Memory in KiB and iterations: OWASP's first choice, and costs that AVX2 may afford in the time of the wheel."""
_HASHES = """
from argon2 import PasswordHasher
print(PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).hash(b"0" * 32, salt=b"0" * 16))
"""


def main(rounds: int = _ROUNDS) -> None:
    """Build the engines and print two tables: the builds at one cost, and the layer's engine at higher costs."""
    with tempfile.TemporaryDirectory() as folder:
        first: dict[str, list[Path]] = {_WHEEL: []} | {
            name: [_built(Path(folder) / str(number), *build)] for number, (name, build) in enumerate(BUILDS.items())
        }
        commands = {name: wheel(first=folders) for name, folders in first.items()}
        if len({subprocess.check_output(wheel(_HASHES, first=folders)) for folders in first.values()}) != 1:
            raise RuntimeError("the engines make different hashes")
        _print("engine", _measured({name: (command, COSTS[0]) for name, command in commands.items()}, rounds))
        higher = {
            f"in the layer, m={memory},t={times}": (commands[_LAYERS_OWN], (memory, times)) for memory, times in COSTS
        }
        _print("cost", _measured({f"{_WHEEL}, m=19456,t=2": (commands[_WHEEL], COSTS[0]), **higher}, rounds))


def _measured(works: Mapping[str, tuple[list[str], tuple[int, int]]], rounds: int) -> dict[str, list[float]]:
    """Let each command verify at its cost, one after the other in random order, and return processor seconds."""
    order = random.Random(0)  # noqa: S311 - an order that is no secret
    seconds: dict[str, list[float]] = {name: [] for name in works}
    with ExitStack() as running:
        workers = {name: running.enter_context(worker(command, os.environ)) for name, (command, _) in works.items()}
        for _ in counted(rounds):
            for name in order.sample(list(works), len(works)):
                seconds[name] += workers[name].ask(do="verify", cost=(*works[name][1], 1), times=1)
    return seconds


def _print(title: str, seconds: dict[str, list[float]]) -> None:
    wheel = next(iter(seconds.values()))
    print(f"| {title} | median | fastest | of the wheel | half of the rounds |\n|---|---:|---:|---:|---:|")
    for name, series in seconds.items():
        ratios = [one / other for one, other in zip(series, wheel, strict=True)]
        low, middle, high = statistics.quantiles(ratios)
        median, fastest = statistics.median(series) * 1e3, min(series) * 1e3
        print(f"| {name} | {median:.1f} ms | {fastest:.1f} ms | {middle:.2f} | {low:.2f} to {high:.2f} |")
    print()


def _built(folder: Path, vectors: str, flags: str) -> Path:
    """Compile the locked source, and return the folder of the package."""
    text = (_LAYER / "requirements.txt").read_text(encoding="utf-8")
    lines = iter(text[text.index(f"{_BINDINGS}==") :].splitlines())
    locked = []
    for line in lines:
        locked.append(line)
        if not line.endswith("\\"):
            break
    folder.mkdir(parents=True)
    source = folder / "source.txt"
    source.write_text("\n".join(locked), encoding="ascii")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [
            *(
                "uv",
                "pip",
                "install",
                "--quiet",
                "--no-cache",
                "--require-hashes",
                "--no-deps",
                "--requirements",
                source,
            ),
            *("--no-binary", _BINDINGS, "--build-constraints", _LAYER / "argon2-build.txt", "--python", sys.executable),
            *("--config-settings", f"cmake.define.CMAKE_C_FLAGS={flags}", "--target", folder / "built"),
        ],
        env={**os.environ, "PATH": programs, "CPATH": str(_LAYER), "ARGON2_CFFI_USE_SSE2": vectors},
        check=True,
    )
    return folder / "built"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
