"""Codes and tokens under parallelism, on the real DynamoDB Local."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.codes import last_code, wrong
from tests.support.members import NEW_PIN
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud

MEMBER = "A1234567"
AT_ONCE = 100


def browsers(cloud: Cloud, count: int) -> list[Browser]:
    """Browsers of one member, each at a container of its own."""
    clock = Clock()
    doors = [FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock) for _ in range(count)]
    doors[0].add_member(MEMBER, email="member@example.fr")
    return [Browser(door) for door in doors]


def evaluated(every: list[Browser]) -> int:
    return sum(len(one.door.events("code.rejected") + one.door.events("code.verified")) for one in every)


def test_of_a_hundred_parallel_wrong_codes_exactly_three_are_evaluated(cloud: Cloud) -> None:
    every = browsers(cloud, AT_ONCE)
    every[0].post("/reset", {"identifier": MEMBER})
    code = wrong(last_code(cloud, MEMBER))
    replies = all_at_once([partial(one.post, "/reset/verify", {"identifier": MEMBER, "code": code}) for one in every])
    assert evaluated(every) == 3
    assert Counter(reply.code for reply in replies) == {"invalid-code": 2, "too-many-attempts": AT_ONCE - 2}


def test_of_parallel_right_answers_one_is_taken(cloud: Cloud, rounds: Callable[[int], range]) -> None:
    every = browsers(cloud, 2)
    for _ in rounds(20):
        every[0].post("/reset", {"identifier": MEMBER})
        body = {"identifier": MEMBER, "code": last_code(cloud, MEMBER)}
        replies = all_at_once([partial(one.post, "/reset/verify", body) for one in every])
        # The other one has claimed a try too, so it has to wait where that was the third.
        assert {reply.status for reply in replies} in ({200, 401}, {200, 429})
        every[0].door.clock.advance(86_400)


def test_of_parallel_uses_of_a_token_one_sets_the_pin(cloud: Cloud) -> None:
    every = browsers(cloud, 8)
    every[0].post("/reset", {"identifier": MEMBER})
    token = every[0].post("/reset/verify", {"identifier": MEMBER, "code": last_code(cloud, MEMBER)}).body["reset_token"]
    pins = [NEW_PIN, "508273", "640917", "738516", "294063", "815072", "360794", "492805"]
    replies = all_at_once(
        [
            partial(one.post, "/reset/pin", {"reset_token": token, "pin": pin, "pin_confirmation": pin})
            for one, pin in zip(every, pins, strict=True)
        ]
    )
    assert Counter(reply.status for reply in replies) == {204: 1, 401: 7}
    (winner,) = [pin for pin, reply in zip(pins, replies, strict=True) if reply.status == 204]
    assert Browser(every[0].door).sign_in(MEMBER, winner).status == 200


def test_of_parallel_uses_of_a_token_five_are_compared_with_the_present_pin(cloud: Cloud) -> None:
    every = browsers(cloud, 40)
    every[0].post("/reset", {"identifier": MEMBER})
    token = every[0].post("/reset/verify", {"identifier": MEMBER, "code": last_code(cloud, MEMBER)}).body["reset_token"]
    body = {"reset_token": token, "pin": PIN, "pin_confirmation": PIN}
    replies = all_at_once([partial(one.post, "/reset/pin", body) for one in every])
    assert sum(one.door.argon2.verifications for one in every) == 5
    assert Counter(reply.code for reply in replies) == {"weak-pin": 5, "invalid-reset-token": 35}


def test_of_parallel_requests_for_a_code_one_is_sent(cloud: Cloud) -> None:
    every = browsers(cloud, 10)
    replies = all_at_once([partial(one.post, "/reset", {"identifier": MEMBER}) for one in every])
    assert Counter(reply.status for reply in replies) == {202: 1, 429: 9}
    assert len(items(cloud, "EMAIL#")) == 1
