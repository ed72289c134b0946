"""A stage on the local stack: the template deployed by sam, calls over HTTP, and the operator's real commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import urllib3

from local.environment import forget_real_account
from local.inbox_codes import code_in
from local.processes import adopt_orphans
from local.samples import SamplePin, set_pins
from local.stack import Options, RunningStack, running_stack
from member_access.values.types import Identifier, Pin
from simulators.point_in_time import PointInTime
from simulators.sign_in_driver import PIN, AnyBrowser, Reply
from tools.drills.redeployment import Redeployment
from tools.drills.restoring_cloud import restoring_cloud
from tools.drills.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from local.progress import Progress
    from local.stopping import StopRequest

PROJECT = Path(__file__).parents[2]
INTERVAL_SECONDS = 1
PARAMETERS: Mapping[str, str] = {"EmailIntervalSeconds": str(INTERVAL_SECONDS)}
"""A drill does not wait a minute for each code."""

_MESSAGE_WITHIN_SECONDS = 60
_POLL_SECONDS = 0.3
_TIMEOUT_SECONDS = 60
_MEMBERS_FILE = PROJECT / "local/members.csv"


@dataclass
class HttpBrowser(AnyBrowser):
    """A browser before an API, whose address ends without a slash."""

    api_url: str

    def _exchange(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Reply:
        answer = urllib3.request(
            method, self.api_url + path, body=body, headers=dict(headers), retries=False, timeout=_TIMEOUT_SECONDS
        )
        returned = {name: answer.headers.getlist(name) for name in answer.headers}
        return Reply(answer.status, returned, answer.data.decode())


class LocalStage(Stage):
    """A running stack of its own.

    Args:
        stack: the stack.
        backups: keeps the moments to which the Members table can be restored.
        state: the folder whose ``cloud.json`` names the cloud that can restore.
        say: prints one line.
    """

    where = (
        "on the local stack, where simulators/point_in_time.py restores tables, because MiniStack has no earlier moment"
    )
    which = "--local"

    def __init__(self, stack: RunningStack, backups: PointInTime, state: Path, say: Callable[[str], None]) -> None:
        super().__init__(say)
        self.stack = stack
        self.dynamodb, self.kms = stack.cloud.dynamodb, stack.cloud.kms
        self.redeployment = Redeployment(stack)
        self._backups = backups
        self._state = state
        self._read_outputs()

    def deploy(self, parameters: Mapping[str, str], *, defaults: Mapping[str, str] | None = None) -> None:
        """Run ``sam deploy``, also with a template whose defaults differ."""
        self.redeployment.deploy(parameters, defaults or {})
        self._read_outputs()

    def delete(self) -> None:
        """Delete the stack, and leave what its template retains."""
        self.redeployment.delete()

    def to_adopt(self) -> dict[str, str]:
        """Return the parameters by which another stack adopts the data, as the output ToAdopt states them."""
        pairs = (pair.partition("=") for pair in self.redeployment.present.outputs["ToAdopt"].split())
        return {name: value for name, _, value in pairs}

    def browser(self, cookies: Mapping[str, str] | None = None) -> AnyBrowser:
        """Open a browser on this machine."""
        return HttpBrowser(self.stack.addresses.api_url, cookies=dict(cookies or {}))

    def give_pin(self, identifier: str) -> None:
        """Write a hash, as the local stack does for its sample members."""
        pin = SamplePin(Identifier.parse(identifier), Pin.parse(PIN))
        set_pins(self.stack.cloud, self.redeployment.present, [pin])

    def import_members(self) -> None:
        """Run ``python -m ops import``."""
        # The import writes its report beside the file.
        self._ops("import", str(shutil.copy(_MEMBERS_FILE, self._state)))

    def wait(self) -> None:
        """Wait until the next code may be requested."""
        time.sleep(2 * INTERVAL_SECONDS)

    def keep_moment(self) -> datetime:
        """Return the present second, and keep the Members table as it is now."""
        moment = datetime.now(UTC).replace(microsecond=0)
        self._backups.keep(self.tables["MembersTable"], moment)
        return moment

    def restore(self, moment: datetime | None) -> dict[str, str]:
        """Run ``python -m ops restore``, and print what it prints."""
        at = f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else "latest"
        lines = self._ops("restore", "--at", at)
        for line in lines:
            self.say(f"  {line}")
        adopted: dict[str, str] = tomllib.loads("\n".join(line for line in lines if line.strip().startswith("Adopted")))
        return adopted

    def count_keys(self) -> list[str]:
        """Run ``python -m ops keys``."""
        return self._ops("keys")

    def request_code(self, browser: AnyBrowser, identifier: str) -> str:
        """Wait for the e-mail, or the letter that the print provider received."""
        before = {kind: len(found) for kind, found in self._messages().items()}
        channel = browser.post("/reset", {"identifier": identifier}).body["channel"]
        kind: Literal["emails", "letters"] = "letters" if channel == "letter" else "emails"
        deadline = time.monotonic() + _MESSAGE_WITHIN_SECONDS
        while time.monotonic() < deadline:
            for message in self._messages()[kind][before[kind] :]:
                if code := code_in(message["text"], kind):
                    return code
            time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"None of the {kind} had a code within {_MESSAGE_WITHIN_SECONDS} seconds.")

    def latest(self, event: str) -> dict[str, Any]:
        """Read the functions' logs in CloudWatch."""
        cloud, outputs = self.stack.cloud, self.redeployment.present.outputs
        logs: Any = cloud.session.client("logs", endpoint_url=cloud.endpoint_url)
        found = [
            (line["timestamp"], json.loads(line["message"]))
            for group in outputs["LogGroups"].split()
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            for line in page["events"]
            if line["message"].startswith("{")
        ]
        named = [(moment, line["audit"]) for moment, line in found if line.get("message") == event]
        audit: dict[str, Any] = max(named, key=lambda one: one[0])[1]
        return audit

    def _messages(self) -> dict[str, list[dict[str, Any]]]:
        answer = urllib3.request("GET", f"{self.stack.addresses.inbox_url}/messages.json", timeout=_TIMEOUT_SECONDS)
        messages: dict[str, list[dict[str, Any]]] = answer.json()
        return messages

    def _read_outputs(self) -> None:
        adopted = {name.removeprefix("Adopted"): value for name, value in self.to_adopt().items()}
        self.tables = {name: value for name, value in adopted.items() if name.endswith("Table")}
        self.keys = {name.removesuffix("Arn"): value for name, value in adopted.items() if name.endswith("KeyArn")}

    def _ops(self, command: str, *arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "ops", command, "--local", "--state-dir", self._state, *arguments],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"python -m ops {command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout.splitlines()


@contextmanager
def local_stage(say: Callable[[str], None], progress: Progress, stop: StopRequest) -> Generator[LocalStage]:
    """Start a stack of its own, beside one that may run, and stop it at the end.

    Raises:
        LocalStackError: the stack does not start; the message says why.
        Stopped: someone asked to stop.
    """
    adopt_orphans()
    forget_real_account(os.environ)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        state = Path(folder)
        options = Options(0, 0, state / "stack", PROJECT / ".local" / "builds", PARAMETERS)
        with running_stack(options, progress, stop) as stack:
            dynamodb = stack.cloud.dynamodb
            backups = PointInTime(dynamodb, dynamodb, polls=1, refusals=0)
            with restoring_cloud(stack.cloud.endpoint_url, backups) as endpoint_url:
                known = json.loads((state / "stack" / "cloud.json").read_text(encoding="utf-8"))
                (state / "cloud.json").write_text(json.dumps({**known, "endpoint_url": endpoint_url}), "utf-8")
                yield LocalStage(stack, backups, state, say)
