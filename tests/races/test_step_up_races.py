"""Raising the level of a session under parallelism."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from member_access.recovery.codes import Purpose
from member_access.sessions.item import sign_ins_from_item
from member_access.sessions.methods import Method
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.codes import last_code
from tests.support.parts import ON_DYNAMODB_LOCAL
from tests.support.table import items

if TYPE_CHECKING:
    from member_access.sessions.policy import Session
    from simulators.cloud import Cloud

MEMBER = "A1234567"
AT_ONCE = 80


def doors(cloud: Cloud, count: int) -> list[FrontDoor]:
    """Containers of the functions, at one moment."""
    clock = Clock()
    return [FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock) for _ in range(count)]


def asked(every: list[FrontDoor], member: str) -> tuple[list[Browser], str, dict[str, str]]:
    """Requests of one session that waits for a code, each at a container of its own; the code; its bearer token."""
    every[0].add_member(member, email="member@example.fr")
    own = Browser(every[0])
    token = own.sign_in(member).body["access_token"]
    assert own.step_up().status == 202
    code = last_code(own.door.cloud, member, purpose=Purpose.CONFIRM)
    return [Browser(door, cookies=dict(own.cookies)) for door in every], code, {"Authorization": f"Bearer {token}"}


def sessions(cloud: Cloud, member: str) -> tuple[Session, ...]:
    """The sessions of a member."""
    found = map(sign_ins_from_item, items(cloud, "SIGN_INS#"))
    return next(one.sessions for one in found if one.identifier == member)


@ON_DYNAMODB_LOCAL
def test_of_eighty_parallel_right_codes_one_raises_the_session(cloud: Cloud) -> None:
    every, code, _ = asked(doors(cloud, AT_ONCE), MEMBER)
    (before,) = sessions(cloud, MEMBER)
    replies = all_at_once([partial(one.step_up, code) for one in every])

    assert Counter(reply.status for reply in replies) == {200: 1, 401: AT_ONCE - 1}
    assert {reply.code for reply in replies if reply.status == 401} == {"invalid-code"}
    (after,) = sessions(cloud, MEMBER)
    assert (before.method, after.method, after.digest) == (Method.PIN, Method.PIN_CODE, before.digest)
    assert sum(len(one.door.events("second-step.taken")) for one in every) == 1


@ON_DYNAMODB_LOCAL
def test_a_session_that_ends_while_it_is_raised_never_comes_back(cloud: Cloud) -> None:
    ending, *raising = doors(cloud, 6)
    for number in range(12):
        member = f"A12345{number:02}"
        browsers, code, headers = asked(raising, member)
        ended, *_ = all_at_once(
            [
                partial(Browser(ending).send, "DELETE", "/sessions", headers=headers),
                *(partial(browser.step_up, code) for browser in browsers),
            ]
        )

        assert ended.status == 204
        assert sessions(cloud, member) == ()
        assert Counter(browser.refresh().status for browser in browsers) == {401: len(browsers)}
