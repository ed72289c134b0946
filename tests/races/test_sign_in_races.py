"""No guess is gained by parallelism: on the real DynamoDB Local, a hundred at once."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest

from member_access.sessions.item import sign_ins_from_item
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.members import NEW_PIN
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER = "A1234567"
AT_ONCE = 100
# Each container has its own function, as in Lambda, where one container answers one request at a time.


def containers(cloud: Cloud, clock: Clock, count: int) -> list[FrontDoor]:
    return [FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock) for _ in range(count)]


def test_of_a_hundred_parallel_wrong_guesses_three_are_evaluated(cloud: Cloud, rounds: Callable[[int], range]) -> None:
    clock = Clock()
    doors = containers(cloud, clock, AT_ONCE)
    for number in rounds(20):
        member = doors[0].add_member(f"MEMBER{number:02}")
        for door in doors:
            door.argon2.verifications = 0
        replies = all_at_once([partial(Browser(door).sign_in, member, OTHER_PIN) for door in doors])
        assert sum(door.argon2.verifications for door in doors) == 3
        assert Counter(reply.code for reply in replies) == {"invalid-credentials": 2, "too-many-attempts": 98}


def test_a_right_pin_never_signs_in_during_the_wait(cloud: Cloud) -> None:
    clock = Clock()
    doors = containers(cloud, clock, AT_ONCE)
    member = doors[0].add_member(MEMBER)
    for _ in range(3):
        Browser(doors[0]).sign_in(member, OTHER_PIN)
    clock.advance(59)
    replies = all_at_once([partial(Browser(door).sign_in, member, PIN) for door in doors])
    assert Counter(reply.status for reply in replies) == {429: AT_ONCE}
    assert sum(door.argon2.verifications for door in doors) == 3


def test_after_the_wait_one_of_a_hundred_parallel_guesses_is_evaluated(cloud: Cloud) -> None:
    clock = Clock()
    doors = containers(cloud, clock, AT_ONCE)
    member = doors[0].add_member(MEMBER)
    for wait in (0, 0, 0, 60):
        clock.advance(wait)
        before = sum(door.argon2.verifications for door in doors)
        if wait:
            all_at_once([partial(Browser(door).sign_in, member, OTHER_PIN) for door in doors])
        else:
            Browser(doors[0]).sign_in(member, OTHER_PIN)
        assert sum(door.argon2.verifications for door in doors) - before == 1


def test_of_sixty_last_guesses_at_once_one_sends_its_notice(
    cloud: Cloud, database: str, rounds: Callable[[int], range]
) -> None:
    clock = Clock()
    doors = containers(cloud, clock, 60 if database == "DynamoDB Local" else 6)
    for number in rounds(5):
        member = doors[0].add_member(f"MEMBER{number:02}", email="member@example.fr")
        for _ in range(9):
            Browser(doors[0]).sign_in(member, OTHER_PIN)
            clock.advance(3600)
        before = sum(door.argon2.verifications for door in doors)
        replies = all_at_once([partial(Browser(door).sign_in, member, OTHER_PIN) for door in doors])

        assert sum(door.argon2.verifications for door in doors) - before == 1
        # Some may have lost to the others' transactions too often.
        assert {reply.status for reply in replies} <= {403, 503}
        assert len(items(cloud, "EMAIL#")) == number + 1
        assert Browser(doors[0]).sign_in(member).code == "pin-disabled"


@pytest.mark.parametrize("right_at", [0, 50, 99])
def test_a_right_pin_among_wrong_ones_gives_others_a_fresh_start_only(cloud: Cloud, right_at: int) -> None:
    clock = Clock()
    doors = containers(cloud, clock, AT_ONCE)
    member = doors[0].add_member(MEMBER)
    pins = [OTHER_PIN] * AT_ONCE
    pins[right_at] = PIN
    replies = all_at_once([partial(Browser(door).sign_in, member, pin) for door, pin in zip(doors, pins, strict=True)])
    evaluated = sum(door.argon2.verifications for door in doors)
    if replies[right_at].status == 200:
        # The success ends the row: three tries before it at the most, itself among them, and three after it.
        assert evaluated <= 6
    else:
        assert evaluated == 3


@pytest.mark.slow
def test_two_parallel_refreshes_after_a_lost_answer_get_one_token(cloud: Cloud, rounds: Callable[[int], range]) -> None:
    clock = Clock()
    doors = containers(cloud, clock, 2)
    member = doors[0].add_member(MEMBER)
    for _ in rounds(20):
        lost = Browser(doors[0])
        lost.sign_in(member)
        tabs = [Browser(door, cookies=dict(lost.cookies)) for door in doors]
        lost.refresh()
        clock.advance(31)
        replies = all_at_once([tab.refresh for tab in tabs])

        assert [reply.status for reply in replies] == [200, 200]
        assert tabs[0].cookies["__Host-session"] == tabs[1].cookies["__Host-session"]
        assert lost.refresh().code == "session-expired", "the lost token must be dead"


def test_two_parallel_refreshes_of_one_token_leave_one_live_session(
    cloud: Cloud, rounds: Callable[[int], range]
) -> None:
    clock = Clock()
    doors = containers(cloud, clock, 2)
    member = doors[0].add_member(MEMBER)
    for _ in rounds(20):
        signed_in = Browser(doors[0])
        signed_in.sign_in(member)
        tabs = [Browser(door, cookies=dict(signed_in.cookies)) for door in doors]
        replies = all_at_once([tab.refresh for tab in tabs])

        assert [reply.status for reply in replies] == [200, 200]
        assert tabs[0].cookies["__Host-session"] == tabs[1].cookies["__Host-session"]
        assert tabs[0].refresh().status == 200
        assert signed_in.refresh().code == "session-expired", "the replaced token must be dead"
        assert tabs[0].refresh().code == "session-expired", "and its reuse ends the only session"


def test_no_sign_in_with_the_old_pin_outlives_a_new_one(cloud: Cloud, rounds: Callable[[int], range]) -> None:
    clock = Clock()
    doors = containers(cloud, clock, 9)
    for number in rounds(10):
        member = doors[0].add_member(f"MEMBER{number:02}")
        setter, *others = [Browser(door, source=f"198.51.100.{one}") for one, door in enumerate(doors)]
        # The one that changes the PIN is known: among strangers, the three tries might all be taken.
        for browser in (setter, *others[:4]):
            assert browser.sign_in(member).status == 200
        body = {"identifier": member, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
        change, *sign_ins = all_at_once(
            [partial(setter.post, "/pin", body), *(partial(browser.sign_in, member) for browser in others)]
        )

        assert change.status == 204
        assert {reply.status for reply in sign_ins} <= {200, 401, 429}
        assert {browser.refresh().code for browser in others} == {"session-expired"}
        (item,) = [one for one in items(cloud, "SIGN_INS#") if one["pk"]["S"].endswith(doors[0].subject(member))]
        assert (sign_ins_from_item(item).sessions, len(sign_ins_from_item(item).browsers)) == ((), 1)
        assert setter.sign_in(member, NEW_PIN).status == 200


def test_refreshes_go_on_while_strangers_guess(cloud: Cloud, rounds: Callable[[int], range]) -> None:
    clock = Clock()
    doors = containers(cloud, clock, 12)
    for number in rounds(10):
        member = doors[0].add_member(f"OTHERS{number:02}")
        members = [Browser(door) for door in doors[:6]]
        for browser in members:
            assert browser.sign_in(member).status == 200
        calls: list[Callable[[], Reply]] = [browser.refresh for browser in members]
        calls += [partial(Browser(door).sign_in, member, OTHER_PIN) for door in doors[6:]]
        replies = all_at_once(calls)

        assert [reply.status for reply in replies[:6]] == [200] * 6
        assert Counter(reply.status for reply in replies[6:]) == {401: 2, 429: 4}
        assert [browser.refresh().status for browser in members] == [200] * 6
