"""Loads by AWS on the deployed stack, whose workers are killed while they write."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulators.template import ROOT
from tests.support.members import member_row, members_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.local_stack import Stack

pytestmark = [
    pytest.mark.timeout(3_600),
    pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc to find the workers in"),
]

ROWS = int(os.environ.get("LOAD_ROWS", "500"))
"""The rows of the file; docs/members.md shows a run of 20,000."""
FIRST = 500_000
MOST_KILLS = 3 + ROWS // 1_000
THREADS_AT_WORK = 4
"""A worker that only starts has fewer threads."""
WORKER = b"AWS_LAMBDA_FUNCTION_NAME=local-import-"


@dataclass
class Workers:
    """The processes of the functions of loads.

    Attributes:
        killed: how many were killed.
        peak: the most memory that one of them has used, in KiB.
    """

    stack: Stack
    killed: int = 0
    peak: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def found(self) -> list[int]:
        """The processes that run now."""
        return [number for number in self.stack.runner.processes() if WORKER in _of_process(number, "environ")]

    @contextmanager
    def killed_at_random(self) -> Iterator[None]:
        """Kill one of them now and then until the end of the block, at most ``MOST_KILLS`` in all."""
        thread = threading.Thread(target=self._strike)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _strike(self) -> None:
        chance = random.Random(14)  # noqa: S311 - when a worker dies
        while not self._over.wait(0.5 + chance.random()):
            states = {number: _of_process(number, "status") for number in self.found()}
            used = [number for state in states.values() for number in _numbers(b"VmHWM", state)]
            self.peak = max(self.peak, *used, 0)
            workers = [
                number
                for number, state in states.items()
                if max(_numbers(b"Threads", state), default=0) >= THREADS_AT_WORK
                and WORKER + b"load" in _of_process(number, "environ")
            ]
            if workers and self.killed < MOST_KILLS:
                self.killed += 1
                os.kill(chance.choice(workers), signal.SIGKILL)


def _numbers(name: bytes, state: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"^%b:\s+(\d+)" % name, state, flags=re.MULTILINE)]


def _of_process(number: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{number}/{name}").read_bytes()
    except OSError:  # it has ended
        return b""


def imported(stack: Stack, file: Path, *options: str) -> tuple[int, str]:
    """Run the operator's command: its status, and what it says."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "ops", "import", str(file), "--local", "--state-dir", str(stack.runner.state), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def items(stack: Stack) -> dict[str, object]:
    """All items of the Members table."""
    pages = stack.cloud.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs()["MembersTable"])
    return {item["pk"]["S"]: item for page in pages for item in page["Items"]}


def test_a_load_whose_workers_are_killed_ends_as_the_import_of_the_file(stack: Stack, tmp_path: Path) -> None:
    first = member_row(FIRST)
    rows = [member_row(FIRST + number) for number in range(ROWS - 3)]
    rejected = [first, member_row(FIRST + ROWS, nir=first["nir"])]
    file = tmp_path / "members.csv"
    file.write_bytes(members_csv(*rows, *rejected, member_row(FIRST + ROWS + 1, email="néant")))
    before, workers, began = items(stack), Workers(stack), time.monotonic()

    with workers.killed_at_random():
        status, said = imported(stack, file, "--by-aws")
    seconds = time.monotonic() - began

    print(  # noqa: T201 - the speed of this machine
        f"{ROWS:,} rows in {seconds:.1f} s: {ROWS / seconds:.0f} rows a second; {workers.killed} workers killed; "
        f"{workers.peak / 1024:.0f} MiB at most in one function"
    )
    assert (status, workers.killed > 0) == (1, True), said
    assert f"{ROWS:,} rows: {ROWS - 2:,} new, 0 changed, 0 unchanged, 2 rejected. 1 loaded with remarks." in said
    report = Path(f"{file}.report.csv").read_text("utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in report] == [str(ROWS - 1), str(ROWS), str(ROWS + 1)]
    after = items(stack)
    assert len(after) - len(before) == 2 * (ROWS - 2)
    for options in (["--by-aws"], []):
        status, said = imported(stack, file, *options)
        assert f"0 new, 0 changed, {ROWS - 2:,} unchanged, 2 rejected" in said
        assert items(stack) == after
