"""What the audit trail says of attempts at a PIN: who, from where, how often, and what stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor, OneAfterTheOther, Result
from tests.support.audit_trail import audited

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from simulators.cloud import Cloud

MEMBER, UNKNOWN = "A1234567", "Z9999999"


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """A function, and one member with a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    return door


class DuringTheRead(OneAfterTheOther):
    """Lets something happen once, before the first task: after the read of a sign-in and before its claim."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self._happens = [happens]

    def submit(self, fn: Callable[..., Result], /, *args: object, **kwargs: object) -> Future[Result]:
        """Run a task, after what happens before it."""
        while self._happens:
            self._happens.pop()()
        return super().submit(fn, *args, **kwargs)


def test_wrong_pins_are_counted_and_the_success_says_how_many(door: FrontDoor) -> None:
    browser = Browser(door)
    browser.sign_in(MEMBER, OTHER_PIN)
    browser.sign_in(MEMBER, OTHER_PIN)
    browser.sign_in(MEMBER)

    assert [event["failures"] for event in audited(door, "login.failed")] == [1, 2]
    (success,) = audited(door, "login.succeeded")
    assert (success["failures_before"], success["known_browser"]) == (2, False)
    assert success["who"]["member"] == MEMBER


def test_a_refusal_says_which_limit_it_met_and_what_was_answered(door: FrontDoor) -> None:
    for _ in range(4):
        Browser(door).sign_in(MEMBER, OTHER_PIN)
    for number in range(27):
        Browser(door).sign_in(f"UNKNOWN{number:02}", OTHER_PIN)
    Browser(door).sign_in(UNKNOWN)

    assert [(event["limit"], event["answer"]) for event in audited(door, "login.refused")] == [
        ("attempts", "too-many-attempts"),
        ("source", "too-many-attempts"),
    ]


def test_guesses_by_others_stop_a_guess_before_the_pin_is_checked(cloud: Cloud, door: FrontDoor) -> None:
    others = Browser(door, source="198.51.100.7")
    during = DuringTheRead(lambda: [others.sign_in(MEMBER, OTHER_PIN) for _ in range(3)])
    late = FrontDoor(cloud, executor=during)
    reply = Browser(late).sign_in(MEMBER)

    assert (reply.status, reply.body["retry_after"]) == (429, 60)
    assert late.argon2.verifications == 0
    (refused,) = audited(late, "login.refused")
    assert (refused["limit"], refused["answer"], refused["known_browser"]) == ("attempts", "too-many-attempts", False)
    assert refused["who"]["member"] == MEMBER


def test_a_known_browser_is_named_at_every_outcome(door: FrontDoor) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    known.sign_in(MEMBER)
    for _ in range(4):
        known.sign_in(MEMBER, OTHER_PIN)
    for _ in range(4):
        Browser(door).sign_in(MEMBER, OTHER_PIN)

    assert [event["known_browser"] for event in audited(door, "login.succeeded")] == [False, True]
    assert [event["known_browser"] for event in audited(door, "login.failed")] == [True] * 3 + [False] * 3
    assert [event["known_browser"] for event in audited(door, "login.refused")] == [True, False]


def test_person_and_source_have_one_name_in_every_event(door: FrontDoor) -> None:
    here, there = Browser(door), Browser(door, source="198.51.100.7")
    for browser in (here, there):
        for identifier in (MEMBER, UNKNOWN):
            browser.sign_in(identifier, OTHER_PIN)

    who = [event["who"] for event in audited(door, "login.failed")]
    assert [person.get("member") for person in who] == [MEMBER, None, MEMBER, None]
    subjects, sources = [person["subject"] for person in who], [person["source"] for person in who]
    assert subjects[:2] == subjects[2:]
    assert sources[0] == sources[1] != sources[2] == sources[3]
    assert len({*subjects, *sources}) == 4


def test_a_person_has_one_name_at_sign_in_and_reset(door: FrontDoor) -> None:
    for identifier in (MEMBER, UNKNOWN):
        Browser(door).sign_in(identifier, OTHER_PIN)
        Browser(door).post("/reset", {"identifier": identifier})

    at_sign_in, at_reset = (
        [event["who"]["subject"] for event in audited(door, name)] for name in ("login.failed", "reset.requested")
    )
    assert at_sign_in == at_reset
