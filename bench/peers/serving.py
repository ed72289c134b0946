"""Runs a peer's server, signs in to it, and reads what its processes have used."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.peers.installing import HERE, NotInstalled
from bench.peers.known import PIN

if TYPE_CHECKING:
    from collections.abc import Generator

    from bench.peers.known import Peer
    from member_access.pins.pin_hash import Argon2Cost

_START_SECONDS = 60
_POLL_SECONDS = 0.01
_STOP_SECONDS = 10
_TICKS = os.sysconf("SC_CLK_TCK")
_AFTER_NAME = 2
_GROUP, _USER, _SYSTEM = 4, 13, 14
"""Fields of ``/proc/<pid>/stat`` (proc(5)), counted from its first."""


@dataclass(frozen=True)
class Server:
    """A running peer.

    Attributes:
        processor_seconds_to_ready: of all of its processes, until it answers a request.
        counted: the file with a byte for each verification.
    """

    peer: Peer
    port: int
    group: int
    counted: Path
    processor_seconds_to_ready: float

    def sign_in(self, pin: str = PIN, address: str = "192.0.2.1") -> int:
        """Sign in through a proxy that names the caller's address, and return the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_START_SECONDS)
        connection.request(
            "POST", self.peer.path, self.peer.body(pin), {**self.peer.headers, "X-Forwarded-For": address}
        )
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status

    def processor_seconds(self) -> float:
        """Return the processor seconds of its processes until now."""
        return processor_seconds_of(self.group)

    def verifications(self) -> int:
        """Return how often it has verified a PIN."""
        return self.counted.stat().st_size if self.counted.exists() else 0


@contextmanager
def serving(peer: Peer, environment: Path, cost: Argon2Cost, *, limits: bool) -> Generator[Server]:
    """Run a peer's server until the end of the block.

    Args:
        peer: which.
        environment: the folder in which it is installed.
        cost: of argon2id.
        limits: whether its own limits of sign-ins are on, as by default; else they are off.

    Raises:
        NotInstalled: it does not start.
    """
    with tempfile.TemporaryDirectory() as scratch_name, socket.socket() as probe:
        scratch = Path(scratch_name)
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        probe.close()
        source, program = HERE / peer.folder, environment / "bin" / "python"
        if not program.exists():
            # Node finds packages beside the program.
            for file in source.glob("*.mjs"):
                shutil.copy(file, environment / file.name)
            source, program = environment, Path(shutil.which("node") or "node")
        variables = {
            "PATH": os.defpath,
            "DJANGO_SETTINGS_MODULE": "settings",
            "PEER_ARGON2": f"{cost.memory_kib},{cost.iterations},{cost.lanes}",
            "PEER_COUNT": str(scratch / "verifications"),
            "PEER_FOLDER": str(scratch),
            "PEER_LIMITS": "on" if limits else "off",
            "PEER_PIN": PIN,
            "PEER_PORT": str(port),
            "PYTHONPATH": str(source),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if peer.seed:
            subprocess.run([program, *peer.seed], cwd=source, env=variables, check=True, capture_output=True)
        with (scratch / "output").open("wb") as output:
            process = subprocess.Popen(
                [program, *(word.format(port=port) for word in peer.serve)],
                cwd=source,
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                _wait(port, process, scratch / "output")
                used = processor_seconds_of(process.pid)
                yield Server(peer, port, process.pid, scratch / "verifications", used)
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(_STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def processor_seconds_of(group: int) -> float:
    """Return the processor seconds of the processes of a group that run now."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = file.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(words[_GROUP - _AFTER_NAME]) == group:
            ticks += int(words[_USER - _AFTER_NAME]) + int(words[_SYSTEM - _AFTER_NAME])
    return ticks / _TICKS


def _wait(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return
    raise NotInstalled(f"it did not start: {output.read_text(encoding='utf-8', errors='replace').strip()[-500:]}")
