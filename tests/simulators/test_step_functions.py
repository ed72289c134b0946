"""The engine of loads keeps to what Step Functions documents, and the template's state machine keeps to its limits."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from simulators.buckets import FakeBucket
from simulators.step_functions import Engine
from simulators.template import project_template

if TYPE_CHECKING:
    from collections.abc import Callable

LOAD = f"{'f' * 40}-999999"
MANY = 20_000
"""The ranges of a file of 5 GiB."""


def nothing(_: dict[str, Any]) -> None:
    """A worker that always succeeds."""


class Story:
    """Functions that note how they are called, over a number of ranges and rounds."""

    def __init__(self, ranges: int, rounds: int = 1, worker: Callable[[dict[str, Any]], object] = nothing) -> None:
        self.workers: list[tuple[int, int]] = []
        self._rounds, self._worker = rounds, worker
        bucket = FakeBucket()
        for number in range(1, rounds + 1):
            items = [{"range": number} for number in range(ranges)]
            bucket.objects[f"loads/{LOAD}/rounds/{number}.json"] = json.dumps(items).encode()
        functions = {
            "ImportRangesFunction": lambda event: {"load": event["load"], "round": 1, "again": ranges > 0},
            "ImportLoadFunction": self._load,
            "ImportReportFunction": self._end,
        }
        self.engine = Engine(functions, bucket, random.Random(1))  # noqa: S311 - the order of events

    def _load(self, event: dict[str, Any]) -> object:
        self.workers.append((event["round"], event["range"]))
        return self._worker(event)

    def _end(self, event: dict[str, Any]) -> dict[str, Any]:
        again = event["round"] < self._rounds
        return {"load": event["load"], "round": event["round"] + again, "again": again}


def test_the_largest_file_and_many_rounds_stay_within_the_limits() -> None:
    """256 KiB of a state's data, 25,000 events of a history (Step Functions Developer Guide, "Service quotas")."""
    story = Story(MANY)
    long = Story(1, rounds=1_000)

    assert story.engine.start(LOAD, {"load": LOAD}).status == "SUCCEEDED"
    assert len(story.workers) == MANY
    assert long.engine.start(LOAD, {"load": LOAD}).status == "SUCCEEDED"


def test_results_of_workers_that_say_something_are_too_much_together() -> None:
    story = Story(MANY, worker=lambda _: {"settled": 1_000})

    execution = story.engine.start(LOAD, {"load": LOAD})

    assert (execution.status, execution.error) == ("FAILED", "States.DataLimitExceeded")


def test_a_load_without_ranges_calls_no_worker() -> None:
    story = Story(0)

    assert story.engine.start(LOAD, {"load": LOAD}).status == "SUCCEEDED"
    assert story.workers == []


def test_a_worker_that_fails_now_and_then_is_called_again() -> None:
    tries = iter(range(100))

    def worker(_: dict[str, Any]) -> None:
        if next(tries) % 3:
            raise TimeoutError

    story = Story(5, worker=worker)

    assert story.engine.start(LOAD, {"load": LOAD}).status == "SUCCEEDED"


def test_a_redrive_calls_the_workers_that_have_not_succeeded() -> None:
    broken = {7}

    def worker(event: dict[str, Any]) -> None:
        if event["range"] in broken:
            raise TimeoutError

    story = Story(20, worker=worker)
    execution = story.engine.start(LOAD, {"load": LOAD})
    assert execution.status == "FAILED"
    before = set(story.workers) - {(1, 7)}
    story.workers.clear()
    broken.clear()

    assert story.engine.redrive(execution).status == "SUCCEEDED"
    assert sorted(story.workers) == sorted({(1, number) for number in range(20)} - before)


def tasks() -> list[dict[str, Any]]:
    states = project_template().resources("AWS::Serverless::StateMachine")["ImportStateMachine"]["Properties"]
    states = states["Definition"]["States"]
    inner = states["LoadRanges"]["ItemProcessor"]["States"]
    return [state for state in [*states.values(), *inner.values()] if state["Type"] == "Task"]


def test_throttled_and_stopped_functions_are_called_again_after_growing_waits() -> None:
    for task in tasks():
        *_, throttled, stopped = task["Retry"]
        assert "Lambda.TooManyRequestsException" in throttled["ErrorEquals"]
        assert stopped["ErrorEquals"] == ["States.ALL"]
        assert min(throttled["BackoffRate"], stopped["BackoffRate"]) >= 2


def test_the_engine_waits_longer_for_a_function_than_the_function_may_run() -> None:
    functions = project_template().resources("AWS::Serverless::Function")
    known = project_template().resources("AWS::Serverless::StateMachine")["ImportStateMachine"]["Properties"]
    for task in tasks():
        name = known["DefinitionSubstitutions"][task["Resource"].strip("${}")]["Fn::Sub"].strip("${").partition(".")[0]
        assert task["TimeoutSeconds"] > functions[name]["Properties"]["Timeout"]


@pytest.mark.parametrize("name", ["", "a b", "x" * 81])
def test_an_execution_has_a_name_that_step_functions_takes(name: str) -> None:
    with pytest.raises(AssertionError):
        Story(1).engine.start(name, {})
