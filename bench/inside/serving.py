"""Measures a function of the artifact: its start, and then each flow by itself.

A line of JSON on standard input asks for one piece of work, a line on standard output answers. Times are processor
seconds of all threads.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.inside.wire import Wire


class Context:
    """What Lambda gives beside an event."""

    function_name = "bench"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:eu-west-3:123456789012:function:bench"
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        """Return a minute."""
        return 60_000


def start(entry: str, common: list[dict[str, Any]]) -> tuple[dict[str, float], Any, Wire]:
    """Import and compose a function as Lambda does.

    Returns:
        Processor seconds of each step and of the process until then, the handler, and what answers its calls.
    """
    name = os.environ.pop("AWS_LAMBDA_FUNCTION_NAME")
    began = time.process_time()
    module = importlib.import_module(entry)
    imported = time.process_time()
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = name
    from bench.inside.wire import Wire  # noqa: PLC0415 - it imports what the function has imported by now

    wire = Wire(common)
    wire.plug_in()
    before = time.process_time()
    handler = type(module.handler)(composing(module, common))
    composed = time.process_time()
    steps = {"import": imported - began, "compose": composed - before, "process": composed}
    return steps, handler, wire


class Flows:
    """The recorded flows of one function."""

    def __init__(self, flows: Mapping[str, Mapping[str, Any]], handler: Callable[..., Any], wire: Wire) -> None:
        self._flows, self._handler, self._wire = flows, handler, wire

    def run(self, name: str, times: int = 1) -> dict[str, Any]:
        """Run a flow some times.

        Returns:
            Processor seconds of each, and the AWS calls of one.

        Raises:
            RuntimeError: its answer is another than the recorded one.
        """
        flow, seconds = self._flows[name], []
        for _ in range(times):
            event = json.loads(json.dumps(flow["event"]))
            self._wire.play(with_another_code(flow["tape"]) if flow["has_own_code"] else flow["tape"])
            calls = self._wire.calls
            began = time.process_time()
            answer = self._handler(event, Context())
            seconds.append(time.process_time() - began)
            calls = self._wire.calls - calls
            if (status := answered(answer)) != flow["status"]:
                raise RuntimeError(f"{name} returned {status}, not {flow['status']}: {answer}")
        return {"seconds": seconds, "calls": calls}


def with_another_code(tape: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the calls of a flow with another keyed hash from KMS, from which a one-time code derives.

    Typst keeps what it has set: it would set the same letter in a sixth of the time.
    """
    answer = json.dumps({"Mac": base64.b64encode(os.urandom(32)).decode()})
    return [{**call, "answer": answer} if call["operation"].endswith("GenerateMac") else call for call in tape]


def answered(answer: Mapping[str, Any]) -> object:
    """Return the status of an answer, or what a queue's function has failed to do."""
    return answer.get("statusCode", answer.get("batchItemFailures"))


def main() -> None:
    """Answer questions until standard input ends."""
    questions, answers = sys.stdin, os.fdopen(os.dup(1), "w")
    # Lambda reads the log from a pipe; here no one does.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    setup = json.loads(questions.readline())
    steps, handler, wire = start(setup["entry"], setup["common"])
    flows = Flows(setup["flows"], handler, wire)
    print(json.dumps(steps), file=answers, flush=True)
    for line in questions:
        question = json.loads(line)
        match question.pop("do"):
            case "run":
                answer: Any = flows.run(**question)
            case "verify":
                from bench.inside.verifying import verifications  # noqa: PLC0415 - not part of a start

                answer = verifications(**question)
            case "profile":
                from bench.inside.profiling import profile  # noqa: PLC0415 - as above

                answer = profile(partial(flows.run, **question))
            case "memory":
                from bench.inside.memory import peak_mebibytes  # noqa: PLC0415 - as above

                answer = peak_mebibytes()
            case other:
                raise ValueError(other)
        print(json.dumps(answer), file=answers, flush=True)


def composing(module: Any, common: list[dict[str, Any]]) -> Callable[[Any], Any]:  # noqa: ANN401 - any handler's module
    """Return what composes a function; letters go to the recorded provider."""
    provider = [call for call in common if call["operation"].startswith("provider ")]
    if not provider:
        compose: Callable[[Any], Any] = module.compose
        return compose
    from bench.inside.provider import RecordedProvider  # noqa: PLC0415 - needs the function's own modules

    return lambda runtime: module.compose(runtime, lambda: RecordedProvider(provider))
