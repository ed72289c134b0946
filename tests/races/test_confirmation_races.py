"""Second steps under parallelism, on the real DynamoDB Local."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from member_access.recovery.codes import Purpose
from member_access.sessions.item import sign_ins_from_item
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.codes import last_code, wrong
from tests.support.parts import ON_DYNAMODB_LOCAL
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A1234567"
AT_ONCE = 100


def browsers(cloud: Cloud, count: int, value: str = "confirm") -> list[Browser]:
    """Browsers of one member, each at a container of its own."""
    clock = Clock()
    doors = [FrontDoor(cloud, {**NO_SOURCE_LIMITS, "NewBrowser": value}, clock=clock) for _ in range(count)]
    doors[0].add_member(MEMBER, email="member@example.fr")
    return [Browser(door) for door in doors]


def asked(cloud: Cloud) -> tuple[list[Browser], str]:
    """Browsers that all hold the handle of one step, and its code."""
    every = browsers(cloud, AT_ONCE)
    assert every[0].sign_in(MEMBER).status == 202
    for one in every:
        one.cookies = dict(every[0].cookies)
    return every, last_code(cloud, MEMBER, purpose=Purpose.CONFIRM)


@ON_DYNAMODB_LOCAL
def test_of_a_hundred_parallel_confirmations_one_opens_a_session(cloud: Cloud) -> None:
    every, code = asked(cloud)
    replies = all_at_once([partial(one.confirm, code) for one in every])

    assert Counter(reply.status for reply in replies) == {200: 1, 401: AT_ONCE - 1}
    (item,) = items(cloud, "SIGN_INS#")
    sign_ins = sign_ins_from_item(item)
    assert (len(sign_ins.sessions), len(sign_ins.browsers)) == (1, 1)


@ON_DYNAMODB_LOCAL
def test_of_a_hundred_parallel_wrong_codes_of_a_step_five_are_evaluated(cloud: Cloud) -> None:
    every, code = asked(cloud)
    replies = all_at_once([partial(one.confirm, wrong(code)) for one in every])

    assert {reply.status for reply in replies} == {401}
    assert sum(len(one.door.events("code.rejected")) for one in every) == 5


@ON_DYNAMODB_LOCAL
def test_of_parallel_right_pins_one_sends_a_code(cloud: Cloud) -> None:
    every = browsers(cloud, 20)
    replies = all_at_once([partial(one.sign_in, MEMBER) for one in every])

    assert Counter(reply.status for reply in replies)[202] == 1
    assert len(items(cloud, "EMAIL#")) == 1


@ON_DYNAMODB_LOCAL
def test_parallel_sign_ins_from_new_browsers_send_one_notice(cloud: Cloud) -> None:
    every = browsers(cloud, 5, "notify")
    replies = all_at_once([partial(one.sign_in, MEMBER) for one in every])

    assert Counter(reply.status for reply in replies)[200] >= 3
    assert len(items(cloud, "EMAIL#")) == 1
