"""Measures whether a flow's calls, units and time grow with the number of members, on DynamoDB Local.

Each number of members has tables of its own in one server, and each round measures all of them, in random order.
argon2 runs at its lowest cost, so that the database's part shows.
"""

from __future__ import annotations

import contextlib
import io
import random
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.artifact import rounds
from bench.made_up_members import MEASURED, fill, identity_of
from bench.spread import spread
from member_access.values.types import Instant
from simulators import dynamodb_local
from simulators.clock import Clock
from simulators.cloud import Cloud, create_keys, create_tables
from simulators.kms import FakeKms
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from botocore.model import OperationModel
    from mypy_boto3_dynamodb import DynamoDBClient

SIZES = (1_000, 100_000)
LARGEST = 1_000_000
FLOWS: Mapping[str, tuple[str, Callable[[int], Mapping[str, str]], int]] = {
    "sign-in": ("/login", lambda number: {"identifier": f"A{number:07}", "pin": PIN}, 200),
    "reset": ("/reset", lambda number: {"identifier": f"A{number:07}"}, 202),
    "search": ("/identifier", lambda number: identity_of(number), 200),  # noqa: PLW0108 - annotated above
}
_CONNECTIONS = 10


@dataclass
class Used:
    """What DynamoDB reports and AWS is asked for."""

    calls: int = 0
    units: float = 0.0

    def starts(self, params: dict[str, Any], model: OperationModel, **_: object) -> None:
        """Botocore's ``before-parameter-build`` handler: ask DynamoDB what a call consumes."""
        self.calls += 1
        if model.service_model.service_name == "dynamodb":
            params["ReturnConsumedCapacity"] = "TOTAL"

    def ended(self, parsed: Mapping[str, Any], **_: object) -> None:
        """Botocore's ``after-call`` handler: add what it has consumed."""
        consumed = parsed.get("ConsumedCapacity", [])
        for one in consumed if isinstance(consumed, list) else [consumed]:
            self.units += one["CapacityUnits"]


def measure(number: int, sizes: Sequence[int] = SIZES, heap: str = "512m") -> dict[str, Any]:
    """Measure each flow at each number of members, in so many rounds.

    Returns:
        For each flow and number: calls, units, spreads in milliseconds, and the ratio of the median to the smallest
        number's.
    """
    seconds: dict[str, dict[int, list[float]]] = {flow: {size: [] for size in sizes} for flow in FLOWS}
    order = random.Random(number)  # noqa: S311 - an order that is no secret
    with dynamodb_local.running(heap) as server, contextlib.redirect_stdout(io.StringIO()):
        client, kms = server.client(_CONNECTIONS), FakeKms().client()
        keys, filled = create_keys(kms), {}
        doors: dict[int, FrontDoor] = {}
        for size in sizes:
            cloud = Cloud(client, kms, create_tables(client, str(size)), keys, Clock(Instant(int(time.time()))))
            doors[size] = FrontDoor(cloud, NO_SOURCE_LIMITS, executor=ThreadPoolExecutor(2))
            filled[size] = fill(server.endpoint, doors[size], size)
        used = {size: _used(door, client) for size, door in doors.items()}
        for turn in rounds(number):
            for flow in FLOWS:
                for size in order.sample(sizes, len(sizes)):
                    seconds[flow][size].append(_timed(doors[size], flow, 1 + turn % (MEASURED - 1)))
                    doors[size].cloud.clock.advance(61)
    return {
        "rounds": number,
        "fill_seconds": filled,
        "flows": {
            flow: {
                str(size): {
                    **used[size][flow],
                    "milliseconds": spread([1000 * one for one in all_]),
                    "to_the_smallest": statistics.median(all_) / statistics.median(by_size[sizes[0]]),
                }
                for size, all_ in by_size.items()
            }
            for flow, by_size in seconds.items()
        },
    }


def _timed(door: FrontDoor, flow: str, number: int) -> float:
    path, body, status = FLOWS[flow]
    browser, sent = Browser(door), body(number)
    began = time.perf_counter()
    reply = browser.post(path, sent)
    seconds = time.perf_counter() - began
    if reply.status != status:
        raise RuntimeError(f"{flow} returned {reply.status}: {reply.text}")
    return seconds


def _used(door: FrontDoor, client: DynamoDBClient) -> dict[str, dict[str, float]]:
    """Count one of each flow, after another that has made the member's items."""
    found = {}
    for flow in FLOWS:
        _timed(door, flow, 0)
        door.cloud.clock.advance(61)
        with _counted(client, door.cloud) as used:
            _timed(door, flow, 0)
        door.cloud.clock.advance(61)
        found[flow] = {"calls": used.calls, "units": used.units}
    return found


@contextlib.contextmanager
def _counted(client: DynamoDBClient, cloud: Cloud) -> Iterator[Used]:
    used = Used()
    clients = client, cloud.kms, cloud.sqs
    for one in clients:
        one.meta.events.register("before-parameter-build", used.starts)
        one.meta.events.register("after-call", used.ended)
    try:
        yield used
    finally:
        for one in clients:
            one.meta.events.unregister("before-parameter-build", used.starts)
            one.meta.events.unregister("after-call", used.ended)


def is_flat(measured: Mapping[str, Any], within: float = 0.1) -> bool:
    """Whether calls and units are equal at every number of members, and times differ by no more than a share."""
    for by_size in measured["flows"].values():
        if len(Counter((one["calls"], one["units"]) for one in by_size.values())) > 1:
            return False
        if any(abs(one["to_the_smallest"] - 1) > within for one in by_size.values()):
            return False
    return True
