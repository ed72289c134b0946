"""Runs the state machine of the template in this process, within the limits that Step Functions documents.

It knows what the template uses: tasks, choices, a distributed map over a JSON file, retries, and the redrive of a
failed execution. Sources, all of the Step Functions Developer Guide: "Service quotas" for the limits, "Handling errors
in workflows" for retries, "Distributed mode" and "Setting failure thresholds" for the map, "Redriving executions" and
"Redriving Map Runs" for what a redrive repeats.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulators.template import LogicalNames, project_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from simulators.buckets import FakeBucket

MOST_BYTES = 262_144
"""Of the input or the result of a state: 256 KiB of UTF-8."""
MOST_EVENTS = 25_000
"""Of the history of one execution."""
LONGEST_LABEL = 40
"""Of a map state: it stands in the names of its child executions."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class ExecutionFailed(Exception):
    """The execution ended with an error."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error


@dataclass
class MapRun:
    """A run of a map state.

    Attributes:
        items: what it hands out.
        results: what they returned.
        done: the items whose child executions have succeeded, by their place.
    """

    items: list[Any]
    results: list[Any]
    done: set[int] = field(default_factory=set)


@dataclass
class Execution:
    """An execution.

    Attributes:
        name: its name.
        state: the state that it stands in.
        data: the input of that state.
        status: ``RUNNING``, ``SUCCEEDED`` or ``FAILED``.
        error: why it failed last.
        events: the number of events of its history.
        map_run: the latest run of its map.
        seen: everything that any state or child execution was given, as JSON.
    """

    name: str
    state: str
    data: Any
    status: str = "RUNNING"
    error: str | None = None
    events: int = 1
    map_run: MapRun | None = None
    seen: list[str] = field(default_factory=list)


class Engine:
    """Runs executions of the template's state machine.

    Args:
        functions: by their logical names.
        bucket: the bucket that the map reads.
        random: the order in which child executions run.
    """

    def __init__(
        self, functions: Mapping[str, Callable[[dict[str, Any]], Any]], bucket: FakeBucket, random: Random
    ) -> None:
        properties = project_template().resources("AWS::Serverless::StateMachine")["ImportStateMachine"]["Properties"]
        known = project_template().resolve(properties["DefinitionSubstitutions"], LogicalNames())
        text = json.dumps(properties["Definition"])
        for name, value in known.items():
            text = text.replace(f"${{{name}}}", value)
        self.definition: dict[str, Any] = json.loads(text)
        self._functions = {f"{name}.Arn:live": function for name, function in functions.items()}
        self._bucket = bucket
        self._random = random

    def start(self, name: str, given: Any) -> Execution:  # noqa: ANN401 - JSON has no narrower type
        """Run an execution to its end, in success or failure."""
        if not _NAME.fullmatch(name):
            raise AssertionError(f"no execution may be called so: {name}")
        return self._run(Execution(name, self.definition["StartAt"], given))

    def redrive(self, execution: Execution) -> Execution:
        """Continue a failed execution: its failed state again, and of a map the children that have not succeeded."""
        if execution.status != "FAILED":
            raise AssertionError("only what has failed is redriven")
        execution.status = "RUNNING"
        execution.events += 1
        return self._run(execution)

    def _run(self, execution: Execution) -> Execution:
        while execution.status == "RUNNING":
            try:
                self._step(execution, self.definition["States"][execution.state])
            except ExecutionFailed as failure:
                execution.status, execution.error = "FAILED", failure.error
        return execution

    def _step(self, execution: Execution, state: dict[str, Any]) -> None:
        given = _checked(execution, execution.data)
        match state["Type"]:
            case "Task":
                execution.events += 5
                result, following = self._task(state, given), state["Next"]
            case "Choice":
                execution.events += 2
                (choice,) = state["Choices"]
                holds = _value(choice["Variable"], given, {}) is choice["BooleanEquals"]
                result, following = given, choice["Next"] if holds else state["Default"]
            case "Map":
                execution.events += 5
                _checked(execution, self._map(execution, state, given))
                execution.map_run = None
                result = {**given, state["ResultPath"].removeprefix("$."): state["ResultSelector"]}
                following = state["Next"]
            case "Succeed":
                execution.status = "SUCCEEDED"
                return
            case other:
                raise AssertionError(f"no state of this type is known here: {other}")
        if execution.events > MOST_EVENTS:
            raise ExecutionFailed("States.Runtime", "the history is full")
        execution.state, execution.data = following, _checked(execution, result)

    def _map(self, execution: Execution, state: dict[str, Any], given: Any) -> list[Any]:  # noqa: ANN401
        if len(state["Label"]) > LONGEST_LABEL or state["ToleratedFailurePercentage"] != 0:
            raise AssertionError("Step Functions refuses the label, or this simulator knows no tolerated failures")
        where = {
            name.removesuffix(".$"): _value(path, given, {}) for name, path in state["ItemReader"]["Parameters"].items()
        }
        items = json.loads(self._bucket.objects[where["Key"]])
        run = execution.map_run = execution.map_run or MapRun(items, [None] * len(items))
        waiting = [number for number in range(len(run.items)) if number not in run.done]
        self._random.shuffle(waiting)
        child = state["ItemProcessor"]["States"][state["ItemProcessor"]["StartAt"]]
        for number in waiting:
            context = {"Map": {"Item": {"Index": number, "Value": run.items[number]}}}
            selected = {
                name.removesuffix(".$"): _value(path, given, context) for name, path in state["ItemSelector"].items()
            }
            # The first failure is one too many: the map run fails, and the children that wait do not run.
            run.results[number] = _checked(execution, self._task(child, _checked(execution, selected)))
            run.done.add(number)
        return run.results

    def _task(self, state: dict[str, Any], given: Any) -> Any:  # noqa: ANN401
        tried = [0] * len(state["Retry"])
        while True:
            try:
                return self._functions[state["Resource"]](json.loads(json.dumps(given)))
            except BaseException as error:
                name = type(error).__name__
                if isinstance(error, (AssertionError, KeyboardInterrupt)):
                    raise
                for number, retry in enumerate(state["Retry"]):
                    if name in retry["ErrorEquals"] or retry["ErrorEquals"] == ["States.ALL"]:
                        tried[number] += 1
                        if tried[number] > retry["MaxAttempts"]:
                            raise ExecutionFailed(name, str(error)) from error
                        break


def _checked(execution: Execution, value: Any) -> Any:  # noqa: ANN401
    text = json.dumps(value, ensure_ascii=False)
    execution.seen.append(text)
    if len(text.encode()) > MOST_BYTES:
        raise ExecutionFailed("States.DataLimitExceeded")
    return value


def _value(path: Any, given: Any, context: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if found := re.fullmatch(r"States\.Format\('(.*)', (.*)\)", path):
        return found[1].replace("{}", "%s") % tuple(_value(part, given, context) for part in found[2].split(", "))
    if not path.startswith("$"):
        return path
    value = context if path.startswith("$$.") else given
    for name in path.lstrip("$").removeprefix(".").split("."):
        value = value[name]
    return value
