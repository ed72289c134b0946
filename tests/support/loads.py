"""Loads by AWS in one process: the functions as the state machine of the template calls them."""

from __future__ import annotations

import itertools
import json
import random
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from bulk_import import load_handler, ranges_handler, report_handler
from bulk_import.load_objects import file_key, outcome_key, report_key
from member_access.platform.runtime import Runtime
from simulators.step_functions import Engine
from tests.support.members import NOW, members_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulators.cloud import Cloud
    from simulators.step_functions import Execution
    from tests.support.members import Row

LOAD = f"{'0' * 40}-1"
SMALL = 3
"""The rows of a range in these tests."""


class Killed(BaseException):
    """Lambda ends a function here."""


class Loads:
    """Loads of files into a cloud.

    Args:
        cloud: where.
        seed: decides the order of the workers and who is killed.
        most_rows: the rows of a range.
    """

    def __init__(self, cloud: Cloud, seed: int = 14, most_rows: int = SMALL) -> None:
        self.cloud = cloud
        self.random = random.Random(seed)  # noqa: S311 - the order of events
        self.parameters: dict[str, dict[str, str]] = {}
        self.killed = 0
        self.running = ""
        self._composed: dict[str, Callable[..., Any]] = {
            "ImportRangesFunction": partial(ranges_handler.compose, most_rows=most_rows),
            # One row at a time, since moto's transactions cannot stand two.
            "ImportLoadFunction": partial(load_handler.compose, workers=1),
            "ImportReportFunction": report_handler.compose,
        }
        self.engine = Engine({name: partial(self.call, name) for name in self._composed}, cloud.bucket, self.random)

    def call(self, name: str, event: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Start a function and call it."""
        self.running = name
        environment = self.cloud.environment(name, self.parameters.get(name))
        runtime = Runtime(environment=environment, now=lambda: NOW, pause=lambda _: None)
        return self._composed[name](runtime, self.cloud)(event, None)

    def load(self, *rows: Row | str | bytes, load: str = LOAD, strict: bool = False) -> Execution:
        """Upload a file and run its execution."""
        return self.load_file(members_csv(*rows), load, strict=strict)

    def load_file(self, content: bytes, load: str = LOAD, *, strict: bool = False) -> Execution:
        """Upload a content and run its execution."""
        self.cloud.bucket.objects[file_key(load)] = content
        return self.engine.start(load, {"load": load, "strict": strict})

    @contextmanager
    def kills(self, share: float, of: str = "", after: int = 0) -> Iterator[None]:
        """Kill functions, or one of them, before or after a share of their calls of AWS, once some were made."""
        calls = itertools.count()

        def strike(**_: object) -> None:
            if of in {"", self.running} and next(calls) >= after and self.random.random() < share:
                self.killed += 1
                raise Killed

        with ExitStack() as stack:
            for client in (self.cloud.dynamodb, self.cloud.kms, self.cloud.s3):
                for moment in ("before-call", "after-call"):
                    client.meta.events.register(moment, strike)
                    stack.callback(client.meta.events.unregister, moment, strike)
            yield

    def report(self, load: str = LOAD) -> str:
        """The report."""
        return self.cloud.bucket.objects[report_key(load)].decode()

    def outcome(self, load: str = LOAD) -> dict[str, Any]:
        """The counts, or why there are none."""
        outcome: dict[str, Any] = json.loads(self.cloud.bucket.objects[outcome_key(load)])
        return outcome

    def counts(self, load: str = LOAD) -> dict[str, int]:
        """The counts by outcome."""
        counts: dict[str, int] = self.outcome(load)["outcomes"]
        return counts
