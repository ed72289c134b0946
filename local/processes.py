"""Runs child processes, and ends them together with their own children."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from local.errors import Stopped, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from local.stopping import StopRequest

_POLL_SECONDS = 0.1
_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
_LAST_LINES = 15


@contextmanager
def process_group(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    output: IO[bytes],
    stdin: int = subprocess.DEVNULL,
    folder: Path | None = None,
) -> Generator[subprocess.Popen[bytes]]:
    """Run a command in its own process group (and session), and kill the whole group at the end.

    So a terminal's Ctrl-C reaches only the runner, which decides the order of stopping. No process in these groups has
    state to save.
    """
    process = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=folder,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    # Until it is waited for, no other process can have its number.
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-process.pid, 0)


def adopt_orphans() -> None:
    """Become the parent of every later process that outlives its own parent.

    So the runner can wait until the last member of a process group has ended. On systems other than Linux, the first
    process adopts them and waits for them at some later time.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass(frozen=True)
class Tools:
    """Runs tools until they end.

    Attributes:
        environment: the environment of every tool.
        logs: the folder for their output.
        stop: ends a tool when someone asks to stop.
    """

    environment: Mapping[str, str]
    logs: Path
    stop: StopRequest

    def run(
        self,
        what: str,
        command: Sequence[str | Path],
        *,
        log: str,
        variables: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Run a tool.

        Args:
            what: the start of the error message, such as "The build failed".
            command: the tool and its arguments.
            log: the name of the file for its output; replaced if it exists.
            variables: further environment variables.
            folder: where the tool runs; here if None.

        Raises:
            ToolFailed: its exit status was not 0.
            Stopped: someone asked to stop.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        file = self.logs / log
        environment = {**self.environment, **(variables or {})}
        with (
            file.open("wb") as output,
            process_group(command, environment=environment, output=output, folder=folder) as process,
        ):
            while process.poll() is None:
                if self.stop.wait(_POLL_SECONDS):
                    raise Stopped
        if process.returncode:
            raise ToolFailed(failure(what, file))


def failure(what: str, log: Path) -> str:
    """Describe a failure with the last lines of its log."""
    lines = [line.rstrip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    quoted = "\n".join(f"    {line}" for line in lines[-_LAST_LINES:])
    return f"{what}. The last lines of {log} say:\n{quoted}"
