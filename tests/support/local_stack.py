"""Runs the local stack as ``make run`` does, and talks to it from any address of this machine."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import urllib3

from local.cloud import LocalClients
from simulators.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

# Shared with make run: what did not change is not built again for the tests.
BUILDS = ROOT / ".local" / "builds"
READY = "  curl"
"""How the last line begins that it says before it waits to be stopped."""

_LISTENING = "0A"


class Runner:
    """A ``python -m local`` of its own, on free ports and with a state folder of its own.

    Args:
        state: the state folder.
        project: the clone that it runs in.
        arguments: further arguments; they win over those for ports and builds.
    """

    def __init__(self, state: Path, project: Path = ROOT, arguments: Sequence[str] = ()) -> None:
        self.state = state
        self.said: list[str] = []
        # Started under nohup, the tests ignore SIGHUP, and a process inherits what is ignored.
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                [
                    *(sys.executable, "-m", "local"),
                    *("--port", "0", "--state-dir", str(state), "--builds-dir", str(BUILDS)),
                    *arguments,
                ],
                cwd=project,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        finally:
            signal.signal(signal.SIGHUP, before)

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def wait_for(self, line: str) -> None:
        """Read what it says up to a line that begins so.

        Raises:
            AssertionError: it ended before.
        """
        assert self._process.stdout
        for said in self._process.stdout:
            self.said.append(said.rstrip("\n"))
            if said.startswith(line):
                return
        raise AssertionError(f"The stack ended with status {self._process.wait()} and said:\n" + "\n".join(self.said))

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def ended(self) -> int:
        """Wait for its end: its exit status. What it said is then all in ``said``."""
        assert self._process.stdout
        self.said.extend(self._process.stdout.read().splitlines())
        self._process.stdout.close()
        return self._process.wait()

    def processes(self) -> list[int]:
        """The processes that belong to it, by the state folder that stands in their environment or arguments.

        None are found on systems without ``/proc``.
        """
        mark = str(self.state).encode()
        return [number for number in _process_numbers() if number != self.pid and mark in _known_of(number)]

    def listens_on(self) -> list[str]:
        """The addresses that it and its processes listen on, as ``host:port``."""
        sockets = {
            str(handle.readlink())
            for number in (self.pid, *self.processes())
            for handle in Path(f"/proc/{number}/fd").iterdir()
        }
        return [
            address
            for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6))
            for address, inode in _listening(table, family)
            if f"socket:[{inode}]" in sockets
        ]


def _listening(table: str, family: socket.AddressFamily) -> Generator[tuple[str, str]]:
    for line in Path("/proc/net", table).read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == _LISTENING:
            host, port = fields[1].split(":")
            # Four bytes at a time, in the order of this machine.
            words = [int(host[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(host), 8)]
            yield f"{socket.inet_ntop(family, b''.join(words))}:{int(port, 16)}", fields[9]


def _process_numbers() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _known_of(number: int) -> bytes:
    # A process that has ended has neither.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes() + Path(f"/proc/{number}/environ").read_bytes()
    return b""


@dataclass(frozen=True)
class Answer:
    """What came back from an HTTP call."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """The body, read as JSON."""
        return json.loads(self.body)

    def cookies(self) -> list[str]:
        """The ``Set-Cookie`` headers."""
        return list(self.headers.getlist("Set-Cookie"))


def call(  # noqa: PLR0913 - the parts of an HTTP request
    method: str,
    url: str,
    *,
    source: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
    json: object = None,
    body: bytes | None = None,
) -> Answer:
    """Make one HTTP call to this machine.

    Args:
        method: the HTTP method.
        url: where to.
        source: the address that the call comes from; any of 127.0.0.0/8 on Linux.
        headers: request headers.
        json: the body, sent as JSON; none if None.
        body: the body as it is, in the place of JSON.
    """
    parts = urlsplit(url)
    with urllib3.HTTPConnectionPool("127.0.0.1", parts.port, source_address=(source, 0), retries=False) as pool:
        answer = pool.request(
            method,
            parts.path + (f"?{parts.query}" if parts.query else ""),
            headers=dict(headers or {}),
            body=body,
            json=json,
            redirect=False,
            timeout=60,
        )
        return Answer(answer.status, answer.headers, answer.data)


@dataclass(frozen=True)
class Stack:
    """A local stack that runs.

    Attributes:
        api_url: the API, without a trailing slash.
        portal_url: the portal.
        inbox_url: the inbox, without a trailing slash.
        example_url: the example of a front-end on another origin.
        secure_portal_url: the portal over https.
        cloud: clients of the local cloud behind it, as its root user.
        runner: the process that runs it.
    """

    api_url: str
    portal_url: str
    inbox_url: str
    example_url: str
    secure_portal_url: str
    cloud: LocalClients
    runner: Runner

    def outputs(self) -> dict[str, str]:
        """The outputs of the deployed template."""
        (stack,) = self.cloud.cloudformation.describe_stacks(StackName="local")["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}

    def logs(self) -> list[str]:
        """All that the functions have logged, one event after another."""
        client = self.cloud.session.client("logs", endpoint_url=self.cloud.endpoint_url)
        groups = [
            group["logGroupName"]
            for page in client.get_paginator("describe_log_groups").paginate()
            for group in page["logGroups"]
        ]
        events = client.get_paginator("filter_log_events")
        pages = (page for group in groups for page in events.paginate(logGroupName=group))
        return [event["message"] for page in pages for event in page["events"]]


@contextlib.contextmanager
def running_stack(state: Path, *arguments: str) -> Generator[Stack]:
    """A stack that answers. At the end it is stopped by one SIGTERM, and nothing of it may be left."""
    runner = Runner(state, arguments=arguments)
    try:
        runner.wait_for(READY)
        addresses = json.loads((state / "stack.json").read_text())
        cloud = json.loads((state / "cloud.json").read_text())
        yield Stack(**addresses, cloud=LocalClients(cloud["endpoint_url"]), runner=runner)
    finally:
        runner.signal(signal.SIGTERM)
        status = runner.ended()
    assert status == 0, runner.said
    assert runner.processes() == []
    assert not (state / "stack.json").exists()
