"""The operator's side of a load by AWS: it starts one load of a file, follows it, and fetches its report once."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from bulk_import.file_kinds import UnreadableFile
from bulk_import.load_objects import fetched_key, file_key, outcome_key, report_key
from bulk_import.row_writer import Outcome
from ops.load_by_aws import LoadByAws, Loaded, LoadFailed, StillLoading
from simulators.buckets import BUCKET, FakeBucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_stepfunctions import SFNClient

MACHINE = "arn:aws:states:eu-west-3:123456789012:stateMachine:test-import"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
CONTENT = b"identifier\nA0000001\n"
LOADED = {
    "outcomes": {"new": 1, "changed": 0, "unchanged": 0, "rejected": 1},
    "remarked": 1,
    "notes": ["In Windows-1252."],
}
REPORT = "line,identifier,outcome,reason\n2,A0000001,rejected,é\n"


class _Missing(Exception):
    """What AWS answers about an execution that does not exist."""


@dataclass
class FakeEngine:
    """Executions that end when someone has looked at them twice.

    Attributes:
        bucket: gets the outcome of a load that succeeds.
        ends: how the next executions end; with success if none is left.
        called: the starts and redrives, by name of the load.
    """

    bucket: FakeBucket
    ends: list[dict[str, Any]] = field(default_factory=list)
    outcome: dict[str, Any] = field(default_factory=lambda: dict(LOADED))
    executions: dict[str, dict[str, Any]] = field(default_factory=dict)
    called: list[tuple[str, str]] = field(default_factory=list)

    class exceptions:  # noqa: D106, N801 - as botocore calls it
        ExecutionDoesNotExist = _Missing

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> None:  # noqa: A002, N803
        assert stateMachineArn == MACHINE
        assert json.loads(input)["load"] == name
        self.called.append(("start", name))
        self._run(name)

    def redrive_execution(self, *, executionArn: str) -> None:  # noqa: N803
        name = executionArn.rpartition(":")[2]
        self.called.append(("redrive", name))
        self._run(name)

    def _run(self, name: str) -> None:
        assert file_key(name) in self.bucket.objects
        arn = f"{MACHINE.replace('stateMachine', 'execution')}:{name}"
        self.executions[arn] = {"name": name, "executionArn": arn, "status": "RUNNING", "looks": 0}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803
        execution = self.executions.get(executionArn)
        if execution is None:
            raise _Missing
        execution["looks"] += 1
        if execution["status"] == "RUNNING" and execution["looks"] > 2:
            execution |= self.ends.pop(0) if self.ends else {"status": "SUCCEEDED", "stopDate": NOW}
            if execution["status"] == "SUCCEEDED":
                self.bucket.objects[outcome_key(execution["name"])] = json.dumps(self.outcome).encode()
                self.bucket.objects[report_key(execution["name"])] = REPORT.encode()
        return execution

    def list_executions(self, *, stateMachineArn: str, statusFilter: str, maxResults: int) -> dict[str, Any]:  # noqa: N803
        assert (stateMachineArn, maxResults) == (MACHINE, 1)
        return {"executions": [one for one in self.executions.values() if one["status"] == statusFilter]}

    def list_map_runs(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803
        return {"mapRuns": [{"mapRunArn": executionArn, "startDate": NOW}]}

    def describe_map_run(self, *, mapRunArn: str) -> dict[str, Any]:  # noqa: N803
        assert mapRunArn in self.executions
        return {"itemCounts": {"succeeded": 3, "total": 4}}


@dataclass
class Desk:
    """An operator's computer and the stack."""

    bucket: FakeBucket = field(default_factory=FakeBucket)
    progress: list[tuple[str, int, int]] = field(default_factory=list)
    report: str = ""
    pause: Callable[[float], None] = lambda _: None

    def __post_init__(self) -> None:
        self.engine = FakeEngine(self.bucket)

    def load(self, content: bytes = CONTENT, *, strict: bool = False) -> Loaded:
        written = io.StringIO()
        written.close = lambda: setattr(self, "report", written.getvalue())  # type: ignore[method-assign]
        load = LoadByAws(self.bucket.client(), cast("SFNClient", self.engine), BUCKET, MACHINE, lambda: NOW, self.pause)
        return load.run(
            io.BytesIO(content),
            lambda *step: self.progress.append(step),
            strict=strict,
            report=lambda: written,
        )

    def interrupted(self) -> None:
        def ctrl_c(_: float) -> None:
            raise KeyboardInterrupt

        self.pause = ctrl_c
        with pytest.raises(StillLoading):
            self.load()
        self.pause = lambda _: None


@pytest.fixture
def desk() -> Desk:
    return Desk()


def started(desk: Desk) -> list[str]:
    return [f"{verb} {name.rpartition('-')[2]}" for verb, name in desk.engine.called]


def test_a_file_is_uploaded_loaded_and_reported(desk: Desk) -> None:
    loaded = desk.load()

    ((_, name),) = desk.engine.called
    assert desk.bucket.objects[file_key(name)] == CONTENT
    assert (loaded.outcomes[Outcome.NEW], loaded.remarked, loaded.notes) == (1, 1, LOADED["notes"])
    assert desk.report == REPORT
    assert desk.progress == [("upload", len(CONTENT), len(CONTENT)), ("load", 3, 4), ("load", 3, 4)]


def test_the_same_command_follows_the_load_that_it_left(desk: Desk) -> None:
    desk.interrupted()

    desk.load()

    assert started(desk) == ["start 1"]


def test_a_report_that_no_one_has_fetched_is_fetched(desk: Desk) -> None:
    desk.load()
    del desk.bucket.objects[fetched_key(desk.engine.called[0][1])]

    desk.load()

    assert started(desk) == ["start 1"]


def test_a_file_whose_report_was_fetched_is_loaded_again(desk: Desk) -> None:
    desk.load()
    desk.load()

    assert started(desk) == ["start 1", "start 2"]


def test_strict_is_another_load_of_the_same_file(desk: Desk) -> None:
    desk.load()
    desk.load(strict=True)

    first, second = (name for _, name in desk.engine.called)
    assert first.rpartition("-")[0] != second.rpartition("-")[0]


def test_another_file_waits_for_the_load_that_runs(desk: Desk) -> None:
    desk.interrupted()

    with pytest.raises(LoadFailed, match="Another file"):
        desk.load(b"identifier\nA0000002\n")
    assert started(desk) == ["start 1"]


FAILED = {"status": "FAILED", "redriveStatus": "REDRIVABLE", "stopDate": NOW, "error": "Lambda.Unknown"}


@pytest.mark.parametrize(
    ("failure", "then"),
    [
        (FAILED, "redrive 1"),
        (FAILED | {"status": "TIMED_OUT"}, "redrive 1"),
        (FAILED | {"error": "OtherRules"}, "start 2"),
        (FAILED | {"redriveStatus": "NOT_REDRIVABLE"}, "start 2"),
        (FAILED | {"stopDate": NOW - timedelta(days=1)}, "start 2"),
    ],
)
def test_a_load_that_failed_is_continued_while_that_is_possible(desk: Desk, failure: dict[str, Any], then: str) -> None:
    desk.engine.ends = [failure]
    with pytest.raises(LoadFailed, match="Run the same command again"):
        desk.load()

    desk.load()

    assert started(desk) == ["start 1", then]


def test_a_file_that_the_first_step_cannot_read_is_named(desk: Desk) -> None:
    desk.engine.outcome = {"unreadable": "The file is empty."}

    with pytest.raises(UnreadableFile, match="empty"):
        desk.load()
    assert desk.report == ""
