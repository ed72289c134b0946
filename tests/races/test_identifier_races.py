"""Searches and ends of IBANs under parallelism, on the real DynamoDB Local."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.members import import_members, member_row
from tests.support.parts import ON_DYNAMODB_LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud

MEMBER = member_row(1, email="")
IDENTITY = {name: MEMBER[name] for name in ("nir", "birth_date", "postcode")}
AT_ONCE = 100


def browsers(cloud: Cloud, count: int) -> list[Browser]:
    """Browsers, each at a container of its own."""
    import_members(cloud, MEMBER)
    clock = Clock()
    return [Browser(FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock)) for _ in range(count)]


@ON_DYNAMODB_LOCAL
def test_of_a_hundred_parallel_searches_by_one_number_three_are_made(cloud: Cloud) -> None:
    every = browsers(cloud, AT_ONCE)
    replies = all_at_once([partial(one.post, "/identifier", IDENTITY) for one in every])
    assert Counter(reply.status for reply in replies) == {200: 3, 429: AT_ONCE - 3}


@ON_DYNAMODB_LOCAL
def test_of_a_hundred_parallel_ends_of_an_iban_three_are_evaluated(cloud: Cloud) -> None:
    every = browsers(cloud, AT_ONCE)
    challenge = every[0].post("/identifier", IDENTITY).body["challenge"]
    body = {"challenge": challenge, "iban_last6": "000000"}
    replies = all_at_once([partial(one.post, "/identifier/iban", body) for one in every])
    assert sum(len(one.door.events("iban.rejected")) for one in every) == 3
    assert Counter(reply.status for reply in replies) == {401: 3, 429: AT_ONCE - 3}


def test_of_parallel_right_answers_one_gets_the_identifier(cloud: Cloud, rounds: Callable[[int], range]) -> None:
    every = browsers(cloud, 2)
    for _ in rounds(10):
        challenge = every[0].post("/identifier", IDENTITY).body["challenge"]
        body = {"challenge": challenge, "iban_last6": MEMBER["iban"][-6:]}
        replies = all_at_once([partial(one.post, "/identifier/iban", body) for one in every])
        assert Counter(reply.status for reply in replies)[200] == 1
        every[0].door.clock.advance(86_400)
