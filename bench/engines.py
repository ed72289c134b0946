"""Compares builds of argon2 from the same locked source, in interleaved rounds of one process.

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
import time
from importlib.machinery import ExtensionFileLoader
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

_LAYER = Path(__file__).parents[1] / "layers" / "common"
_ROUNDS = 100
_BINDINGS = "argon2-cffi-bindings"
# For each build: whether it has code for SSE2 and later, and the level of the processor.
BUILDS = {
    "portable (ref.c), as on arm64": ("0", "x86-64"),
    "x86-64 (SSE2), as the wheel": ("1", "x86-64"),
    "x86-64-v2 (SSSE3)": ("1", "x86-64-v2"),
    "x86-64-v3 (AVX2), in the layer": ("1", "x86-64-v3"),
}
COSTS = ((19_456, 2), (19_456, 3), (28_672, 2), (31_744, 2), (36_864, 2))
"""Memory in KiB and iterations: OWASP's first choice, and costs that AVX2 may afford in the time of the wheel."""
Hash: TypeAlias = "Callable[[int, int], bytes]"


def main(rounds: int = _ROUNDS) -> None:
    """Build the engines and print two tables: the builds at one cost, and the layer's engine at higher costs."""
    with tempfile.TemporaryDirectory() as folder:
        engines = {"the wheel": _loaded(_file_of_the_wheel())}
        for name, (vectors, level) in BUILDS.items():
            engines[name] = _loaded(_built(Path(folder) / level / vectors, vectors, level))
        if len({hash_(19_456, 2) for hash_ in engines.values()}) != 1:
            raise RuntimeError("the engines make different hashes")
        wheel = engines["the wheel"]
        _print("engine", _measured({name: _at(hash_, *COSTS[0]) for name, hash_ in engines.items()}, rounds))
        avx2 = engines["x86-64-v3 (AVX2), in the layer"]
        higher = {f"AVX2, m={memory},t={times}": _at(avx2, memory, times) for memory, times in COSTS}
        _print("cost", _measured({"the wheel, m=19456,t=2": _at(wheel, *COSTS[0]), **higher}, rounds))


def _at(hash_: Hash, memory: int, times: int) -> Callable[[], object]:
    return lambda: hash_(memory, times)


def _measured(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    order = random.Random(0)  # noqa: S311 - an order that is no secret
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in order.sample(list(works.items()), len(works)):
            started = time.process_time()
            work()
            seconds[name].append(time.process_time() - started)
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


def _built(folder: Path, vectors: str, level: str) -> Path:
    """Compile the locked source, and return the module."""
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
            *("--config-settings", f"cmake.define.CMAKE_C_FLAGS=-march={level}", "--target", folder / "built"),
        ],
        env={**os.environ, "PATH": programs, "ARGON2_CFFI_USE_SSE2": vectors},
        check=True,
    )
    return next((folder / "built" / "_argon2_cffi_bindings").glob("_ffi.*.so"))


def _file_of_the_wheel() -> Path:
    spec = find_spec("_argon2_cffi_bindings")
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{_BINDINGS} {version(_BINDINGS)} has no file")
    return next(Path(spec.origin).parent.glob("_ffi.*.so"))


def _loaded(file: Path) -> Hash:
    loader = ExtensionFileLoader(f"{file.parent.parent.name}._ffi", str(file))
    spec = spec_from_loader(loader.name, loader)
    if spec is None:
        raise RuntimeError(f"{file} cannot be loaded")
    module: Any = module_from_spec(spec)
    loader.exec_module(module)
    ffi, lib = module.ffi, module.lib

    def hash_(memory: int, times: int) -> bytes:
        out, encoded = ffi.new("uint8_t[]", 32), ffi.new("char[]", 128)
        keyed_pin, salt = b"k" * 32, b"s" * 16
        if lib.argon2_hash(
            *(times, memory, 1, keyed_pin, len(keyed_pin), salt, len(salt), out, 32, encoded, 128, lib.Argon2_id, 0x13)
        ):
            raise RuntimeError(f"{file} does not hash")
        return bytes(ffi.string(encoded))

    return hash_


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
