"""Runs the benchmarks and prints their results."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.stubbed_cloud import member_item, stubbed_cloud
from bench.timing import MEASUREMENTS, known_and_unknown
from member_access.pins.hashing import Argon2Cost, argon2id
from member_access.values.types import Pin
from simulators.sign_in_driver import PIN, Browser, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable

_PROJECT = Path(__file__).parent.parent
_IMPORT_ROUNDS = 7
_SIGN_INS = 60
_OWASP = {"Argon2MemoryKib": "19456", "Argon2Iterations": "2"}


def main() -> None:
    """Run all benchmarks."""
    bytecode_at_start()
    work_of_a_sign_in()
    answers_in_equal_time()


def answers_in_equal_time() -> None:
    """Compare response times for members and for unknown identifiers."""
    print("| call | measurements of each | median | known less unknown | Welch's t |\n|---|---|---|---|---|")
    for comparison in known_and_unknown(MEASUREMENTS):
        print(comparison.row())


def bytecode_at_start() -> None:
    """Measure how much time bytecode saves a cold start."""
    paths = os.pathsep.join(str(_PROJECT / path) for path in ("layers/common", "functions"))
    with tempfile.TemporaryDirectory() as warm:
        with_bytecode, without = [], []
        _import_seconds(paths, ["-X", f"pycache_prefix={warm}"])
        for _ in range(_IMPORT_ROUNDS):
            with_bytecode.append(_import_seconds(paths, ["-X", f"pycache_prefix={warm}"]))
            with tempfile.TemporaryDirectory() as cold:
                without.append(_import_seconds(paths, ["-B", "-X", f"pycache_prefix={cold}"]))
    ratio = statistics.median(without) / statistics.median(with_bytecode)
    print(f"import of login: {_ms(with_bytecode)} with bytecode, {_ms(without)} without: {ratio:.1f} times as long")


def work_of_a_sign_in() -> None:
    """Measure the share of argon2 in the work of a sign-in, on a transport that responds at once."""
    cloud, put = stubbed_cloud()
    door = FrontDoor(cloud, _OWASP)
    cost, member = Argon2Cost(19_456, 2, 1), door.add_member("A1234567")
    put(member_item(member, door.hasher(cost=cost).hash(member, Pin.parse(PIN))))
    hasher = argon2id(cost)
    stored = hasher.hash(b"pepper")
    browser = Browser(door)
    sign_ins, verifications = [], []
    with contextlib.redirect_stdout(io.StringIO()):
        for _ in range(_SIGN_INS):
            sign_ins.append(_cpu_seconds(lambda: _must_be_200(browser)))
            verifications.append(_cpu_seconds(lambda: hasher.verify(stored, b"pepper")))
    rest = statistics.median(sign_ins) - statistics.median(verifications)
    print(
        f"CPU of a sign-in: {_ms(sign_ins)}, including {_ms(verifications)} for argon2; "
        f"the rest is {rest / statistics.median(verifications):.2f} times argon2"
    )


def _must_be_200(browser: Browser) -> None:
    reply = browser.sign_in("A1234567")
    if reply.status != 200:  # noqa: PLR2004 - signed in
        raise RuntimeError(f"the measured sign-in returned {reply.status}")


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _import_seconds(paths: str, options: list[str]) -> float:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    started = _children_seconds()
    subprocess.run(
        [sys.executable, *options, "-c", "import login.handler"], check=True, env={**environment, "PYTHONPATH": paths}
    )
    return _children_seconds() - started


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms"


if __name__ == "__main__":
    main()
