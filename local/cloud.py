"""The local cloud: MiniStack, one process that speaks the APIs of AWS."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import urllib3

from local.environment import ACCESS_KEY, REGION, SECRET_KEY
from local.errors import CloudFailed, Stopped
from local.processes import failure, process_group

if TYPE_CHECKING:
    from collections.abc import Generator

    from local.stopping import StopRequest

_READY_WITHIN_SECONDS = 60
_POLL_SECONDS = 0.1


class LocalClients:
    """Clients of a local cloud's services, as its root user.

    Attributes:
        endpoint_url: the address of all its APIs.
        session: makes clients of further services; they need the ``endpoint_url``.
    """

    def __init__(self, endpoint_url: str) -> None:
        self.endpoint_url = endpoint_url
        self.session = boto3.Session(ACCESS_KEY, SECRET_KEY, region_name=REGION)
        self.apigateway: Any = self.session.client("apigateway", endpoint_url=endpoint_url)
        self.cloudformation = self.session.client("cloudformation", endpoint_url=endpoint_url)
        self.dynamodb = self.session.client("dynamodb", endpoint_url=endpoint_url)
        self.kms = self.session.client("kms", endpoint_url=endpoint_url)
        self.s3 = self.session.client("s3", endpoint_url=endpoint_url)


class LocalCloud(LocalClients):
    """A running local cloud, and the file of its output."""

    def __init__(self, endpoint_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        super().__init__(endpoint_url)
        self._process = process
        self.log = log

    def check(self) -> None:
        """Raise ``CloudFailed`` if the cloud has stopped by itself."""
        if self._process.poll() is not None:
            raise CloudFailed(failure("The local cloud stopped unexpectedly", self.log))


def free_port() -> int:
    """Return a port of this machine that no program uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_cloud(python: Path, port: int, scratch: Path, log: Path, stop: StopRequest) -> Generator[LocalCloud]:
    """Run a local cloud, empty at the start and deleted at the end.

    Args:
        python: the interpreter of its virtual environment. It also runs the Lambda functions, which therefore find only
            their layer and the cloud's own packages.
        port: the port on this machine's loopback address.
        scratch: the folder for its temporary files.
        log: the file for its output.
        stop: ends the waiting.

    Raises:
        CloudFailed: it does not start.
        Stopped: someone asked to stop.
    """
    if not python.exists():
        raise CloudFailed("The local cloud is not installed. Start the stack with make run, which installs it.")
    # -I keeps this folder and the user's packages off the path.
    command: list[str | Path] = [python, "-I", Path(__file__).with_name("cloud_process.py")]
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("wb") as output,
        process_group(
            command, environment=_environment(port, scratch), output=output, stdin=subprocess.PIPE
        ) as process,
    ):
        cloud = LocalCloud(f"http://127.0.0.1:{port}", process, log)
        _wait_until_ready(cloud, stop)
        yield cloud


def _environment(port: int, scratch: Path) -> dict[str, str]:
    """Return MiniStack's settings. Lambda functions inherit them, so none comes from this machine's environment."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        # As AWS does, check every call of a function against the statements of its role.
        "AUTH": "true",
        # Unused listeners.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Do not look for containers.
        "DOCKER_HOST": f"unix://{scratch}/no-docker",
    }


def _wait_until_ready(cloud: LocalCloud, stop: StopRequest) -> None:
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    with urllib3.PoolManager() as http:
        while time.monotonic() < deadline:
            cloud.check()
            try:
                answer = http.request("GET", f"{cloud.endpoint_url}/_ministack/ready", retries=False, timeout=1)
            except urllib3.exceptions.HTTPError:
                answer = None
            if answer and answer.status == HTTPStatus.OK:
                return
            if stop.wait(_POLL_SECONDS):
                raise Stopped
    raise CloudFailed(failure("The local cloud did not start within a minute", cloud.log))
