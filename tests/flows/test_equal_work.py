"""Members and unknown identifiers take the same work, counted in function calls: times differ between machines."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from bench.timing import FLOWS, LAST_TRIES, pairs, prepared_door
from member_access.platform.uniform_reads import ItemTemplate, UniformReads

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import FrontDoor

COMPLETE = ItemTemplate({name: {"S": name} for name in ("pk", "identifier", "email", "language")})


def functions_called(call: Callable[[], object]) -> Counter[str]:
    """How often each function of the project and of botocore is called.

    Generators are left out: their turns are counted as calls.
    """
    called: Counter[str] = Counter()

    def profile(frame: FrameType, event: str, _: object) -> None:
        code, module = frame.f_code, frame.f_globals.get("__name__", "")
        if event == "call" and not code.co_name.startswith("<") and not module.startswith("bench"):
            called[f"{module}.{code.co_qualname}"] += 1

    # A collection in between would run what other tests have left to be finalised.
    gc.collect()
    gc.disable()
    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(None)
        gc.enable()
    return called


@pytest.fixture(scope="module")
def door() -> FrontDoor:
    """The functions that are measured."""
    return prepared_door()


@pytest.mark.parametrize("flow", FLOWS)
def test_member_and_unknown_take_the_same_function_calls(door: FrontDoor, flow: str) -> None:
    known, unknown = pairs(door)[flow]
    # Everything that is made once is there by then.
    assert known() == unknown()
    work = functions_called(known)
    assert work == functions_called(unknown)
    assert work["botocore.parsers.ResponseParser.parse"] >= 2


@pytest.mark.parametrize("flow", LAST_TRIES)
def test_the_try_that_disables_a_pin_takes_the_same_function_calls(door: FrontDoor, flow: str) -> None:
    known, unknown = pairs(door, LAST_TRIES)[flow]
    assert [known(), unknown()] == [403, 403]
    work = functions_called(known)
    assert work == functions_called(unknown)
    assert work["member_access.outbox.outbox.Outbox.enqueue"] == 1


@pytest.mark.parametrize("flow", [flow for flow in FLOWS if flow.startswith("sign-in")])
def test_any_stored_hash_and_none_cost_the_same_argon2_work(door: FrontDoor, flow: str) -> None:
    known, unknown = pairs(door)[flow]
    costs = []
    for call in (known, unknown):
        door.argon2.costs.clear()
        assert call() == 401
        costs.append(dict(door.argon2.costs))
    assert costs == [{"m=8,t=1,p=1": 1, "m=64,t=2,p=1": 1}] * 2


@pytest.mark.parametrize(
    "known", [names for count in range(4) for names in combinations(("identifier", "email", "language"), count)]
)
def test_reading_takes_the_same_function_calls_for_any_member(cloud: Cloud, known: tuple[str, ...]) -> None:
    table = cloud.tables["MembersTable"]
    item: dict[str, Any] = {"pk": {"S": "there"}, **{name: {"S": "x"} for name in known}, "last_name": {"S": "x"}}
    cloud.dynamodb.put_item(TableName=table, Item=item)
    reads = UniformReads(cloud.dynamodb)
    read: list[Any] = []

    def work(key: str) -> Counter[str]:
        return Counter(
            {
                name: count
                for name, count in functions_called(
                    lambda: read.append(reads.batch_get(table, key, COMPLETE, {}))
                ).items()
                if name.startswith("botocore.parsers.")
            }
        )

    work("there")
    assert work("there") == work("not there")
    del item["last_name"]
    assert read[-2:] == [{(table, "there"): item}, {}]
