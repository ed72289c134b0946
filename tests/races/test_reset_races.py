"""Codes and tokens under parallelism, on the real DynamoDB Local."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest

from member_access.recovery.codes import Channel
from member_access.wording.texts import PROBLEMS, REFUSAL_REASONS
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.codes import last_code, wrong
from tests.support.members import NEW_PIN
from tests.support.parts import ON_DYNAMODB_LOCAL
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud

MEMBER = "A1234567"
AT_ONCE = 100
WRONG, SPENT = PROBLEMS["invalid-code"].detail.fr, REFUSAL_REASONS["code-spent"].fr


def browsers(cloud: Cloud, count: int) -> list[Browser]:
    """Browsers of one member, each at a container of its own."""
    clock = Clock()
    doors = [FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock) for _ in range(count)]
    doors[0].add_member(MEMBER, email="member@example.fr")
    return [Browser(door) for door in doors]


def evaluated(every: list[Browser]) -> int:
    return sum(len(one.door.events("code.rejected") + one.door.events("code.verified")) for one in every)


def ask_for_all(every: list[Browser], channel: Channel = Channel.EMAIL) -> str:
    """A code that the first browser has asked for; the others hold its handle too."""
    letter = {"channel": "letter"} if channel is Channel.LETTER else {}
    assert every[0].post("/reset", {"identifier": MEMBER, **letter}).status == 202
    for one in every:
        one.cookies = dict(every[0].cookies)
    return last_code(every[0].door.cloud, MEMBER, channel)


@ON_DYNAMODB_LOCAL
def test_of_a_hundred_parallel_wrong_codes_exactly_five_are_evaluated(cloud: Cloud) -> None:
    every = browsers(cloud, AT_ONCE)
    code = wrong(ask_for_all(every))
    replies = all_at_once([partial(one.post, "/reset/verify", {"identifier": MEMBER, "code": code}) for one in every])
    assert evaluated(every) == 5
    assert Counter(reply.body["detail"] for reply in replies) == {WRONG: 4, SPENT: AT_ONCE - 4}


@pytest.mark.parametrize("channel", Channel)
def test_of_parallel_right_answers_one_is_taken(cloud: Cloud, rounds: Callable[[int], range], channel: Channel) -> None:
    every = browsers(cloud, 2)
    for _ in rounds(20):
        body = {"identifier": MEMBER, "code": ask_for_all(every, channel)}
        replies = all_at_once([partial(one.post, "/reset/verify", body) for one in every])
        assert sorted(reply.status for reply in replies) == [200, 401]
        every[0].door.clock.advance(10 * 86_400)


def test_a_strangers_parallel_guesses_leave_a_code_good(cloud: Cloud) -> None:
    every = browsers(cloud, AT_ONCE)
    every[0].post("/reset", {"identifier": MEMBER})
    code = last_code(cloud, MEMBER)
    guess = {"identifier": MEMBER, "code": wrong(code)}
    replies = all_at_once([partial(one.post, "/reset/verify", guess) for one in every[1:]])
    assert Counter(reply.code for reply in replies) == {"invalid-code": AT_ONCE - 1}
    assert evaluated(every) == 0
    assert every[0].post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 200


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
