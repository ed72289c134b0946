"""Nothing reveals who is a member: the same AWS calls, the same answers, at every state of the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.clock import Clock
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor, Reply
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.aws_calls import Footprint
    from simulators.cloud import Cloud

WITH_PIN, WITHOUT_PIN, UNKNOWN, WITH_ADDRESS = "A1234567", "B7654321", "C5555555", "D4444444"
SECONDS_BETWEEN_TRIES = 3600


def one_try(cloud: Cloud, clock: Clock, identifier: str) -> tuple[Reply, Footprint, int, int]:
    """One wrong try: the answer, the calls, their hops, and the argon2 verifications."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, clock=clock, executor=calls.executor)
        started = calls.footprint()
        before = max((call.hop + 1 for call in calls.calls), default=0)
        reply = Browser(door, source=f"198.51.100.{ord(identifier[0])}").sign_in(identifier, OTHER_PIN)
        return reply, calls.footprint() - started, calls.hops() - before, door.argon2.verifications


def test_known_unknown_and_pinless_are_treated_alike_at_every_state(
    cloud: Cloud,
) -> None:
    clock = Clock()
    door = FrontDoor(cloud, clock=clock)
    door.add_member(WITH_PIN)
    door.add_member(WITHOUT_PIN, pin=None, email="first@example.fr")
    door.add_member(WITH_ADDRESS, email="member@example.fr")

    seen: list[tuple[int, str]] = []
    announced: list[bool] = []
    for wait in (0, 0, 0, 0, 60, *[SECONDS_BETWEEN_TRIES] * 8):
        clock.advance(wait)
        replies, footprints, hops, verifications = zip(
            *(one_try(cloud, clock, one) for one in (WITH_PIN, WITHOUT_PIN, UNKNOWN, WITH_ADDRESS)), strict=True
        )
        assert [footprint == footprints[0] for footprint in footprints] == [True] * 4
        assert len(set(hops)) == 1
        assert len(set(verifications)) == 1
        assert [reply == replies[0] for reply in replies] == [True] * 4
        announced.append(any("SendMessage" in operation for operation, _ in footprints[0]))
        assert hops[0] == (3 if announced[-1] else 2 if verifications[0] else 1)
        seen.append((replies[0].status, replies[0].code))
        evaluated = verifications[0] == 1
        assert evaluated == any("GenerateMac" in operation for operation, _ in footprints[0])

    assert seen[:4] == [
        (401, "invalid-credentials"),
        (401, "invalid-credentials"),
        (429, "too-many-attempts"),
        (429, "too-many-attempts"),
    ]
    assert seen[-2:] == [(403, "pin-disabled")] * 2
    assert announced == [False] * 10 + [True, False, False], "with the tenth failure alone"
    decoys = [len(repr(item)) for item in items(cloud, "NOBODY#")]
    assert decoys == [decoys[0]] * 3


def test_no_pin_fits_where_there_is_none(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    door.add_member(WITHOUT_PIN, pin=None)
    assert Browser(door).sign_in(WITHOUT_PIN, PIN).code == "invalid-credentials"
    assert Browser(door).sign_in(UNKNOWN, PIN).code == "invalid-credentials"


def test_a_sign_in_makes_six_calls_in_three_hops(cloud: Cloud) -> None:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        door.add_member(WITH_PIN)
        before = len(calls.calls)
        reply = Browser(door).sign_in(WITH_PIN)
        made = calls.calls[before:]

    assert reply.status == 200
    assert [call.operation for call in sorted(made, key=lambda call: (call.hop, call.operation))] == [
        "dynamodb:BatchGetItem",
        "dynamodb:UpdateItem",
        "dynamodb:UpdateItem",
        "kms:GenerateMac",
        "dynamodb:TransactWriteItems",
        "kms:Sign",
    ]
    assert len({call.hop for call in made}) == 3


def test_a_sign_in_in_a_known_browser_makes_five_calls_in_three_hops(cloud: Cloud) -> None:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        door.add_member(WITH_PIN)
        browser = Browser(door)
        browser.sign_in(WITH_PIN)
        before = len(calls.calls)
        assert browser.sign_in(WITH_PIN).status == 200
        made = calls.calls[before:]

    assert len(made) == 5
    assert len({call.hop for call in made}) == 3


def test_a_failed_sign_in_makes_four_calls_in_two_hops(cloud: Cloud) -> None:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        before = len(calls.calls)
        Browser(door).sign_in(UNKNOWN)
        made = calls.calls[before:]
    assert len(made) == 4
    assert len({call.hop for call in made}) == 2


def test_a_refused_sign_in_costs_one_read_and_nothing_else(cloud: Cloud) -> None:
    clock = Clock()
    for _ in range(3):
        one_try(cloud, clock, WITH_PIN)
    _, footprint, _, verifications = one_try(cloud, clock, WITH_PIN)
    assert {operation for operation, _ in footprint} == {"dynamodb:BatchGetItem"}
    assert footprint.total() == 1
    assert verifications == 0


def test_a_pin_typed_as_identifier_is_kept_and_logged_nowhere(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    Browser(door).sign_in(PIN, PIN)
    scanned = items(cloud)
    assert scanned
    assert PIN not in repr(scanned)
    assert PIN not in door.log.getvalue()


@pytest.mark.parametrize("identifier", [WITH_PIN, UNKNOWN])
def test_counters_are_kept_under_a_keyed_hash(cloud: Cloud, identifier: str) -> None:
    door = FrontDoor(cloud)
    Browser(door).sign_in(identifier, OTHER_PIN)
    assert identifier not in repr(items(cloud))
