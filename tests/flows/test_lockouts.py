"""A stranger's day at the functions themselves: what it costs, and what stays open, as the table of lock-outs says."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

import pytest

from member_access.recovery.codes import Channel
from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor
from tests.support.codes import last_code, wrong
from tests.support.members import import_members, member_row
from tests.support.parts import quick_and_slow
from tools.limits import Limits
from tools.lockout_table import lock_outs

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

ROW = member_row(1)
MEMBER = ROW["identifier"]
DAY, LAST_DAY = 86_400, 7
DATA = {name: ROW[name] for name in ("nir", "birth_date", "postcode")}
ELSEWHERE = "203.0.113.9"


def siege(door: FrontDoor, ask: Callable[[Browser], Reply], member: Callable[[], Reply], days: int = 1) -> set[int]:
    """Let a stranger ask from a thousand addresses whenever that is allowed; return how the member fares after each."""
    until, numbers, answers = door.clock.time + days * DAY, itertools.count(), set()
    while door.clock.time < until:
        reply = None
        while reply is None or reply.status not in {429, 403}:
            number = next(numbers) % 1_000
            reply = ask(Browser(door, source=f"198.51.{number // 250}.{number % 250}"))
        answers.add(member().status)
        door.clock.advance(min(reply.body.get("retry_after", DAY), until - door.clock.time))
    return answers


def requests_of_the_table(way: str) -> int:
    row = next(one for one in lock_outs(Limits.of_template()) if one.way == way)
    assert row.outcome.seconds, "the table says that the member is kept out"
    return row.outcome.first_day


def guess(browser: Browser) -> Reply:
    return browser.sign_in(MEMBER, OTHER_PIN)


def request(browser: Browser, **more: str) -> Reply:
    return browser.post("/reset", {"identifier": MEMBER, **more})


def search(browser: Browser) -> Reply:
    return browser.post("/identifier", DATA)


def besieged(cloud: Cloud) -> tuple[FrontDoor, Browser, Browser]:
    """The functions, a browser that the member has used, and one that they have not."""
    door = FrontDoor(cloud)
    import_members(cloud, ROW)
    door.give_pin(MEMBER)
    known = Browser(door, source=ELSEWHERE)
    assert known.sign_in(MEMBER).status == 200
    return door, known, Browser(door, source=ELSEWHERE)


@pytest.mark.slow
def test_ten_wrong_pins_close_the_sign_in_and_no_known_browser(cloud: Cloud) -> None:
    door, known, unknown = besieged(cloud)
    answers = siege(door, guess, partial(unknown.sign_in, MEMBER))
    assert len(door.events("login.failed")) == requests_of_the_table("sign in, unknown browser")
    assert 200 not in answers
    assert known.sign_in(MEMBER).status == 200


@pytest.mark.slow
def test_five_codes_close_the_email_and_neither_a_known_browser_nor_a_letter(cloud: Cloud) -> None:
    door, known, unknown = besieged(cloud)
    answers = siege(door, request, partial(request, unknown), days=2)
    a_day = requests_of_the_table("get a code by e-mail, unknown browser")
    assert len(door.events("reset.requested")) == 2 * a_day, "the second day's as soon as they are free"
    assert answers == {429}

    assert request(known).status == 202
    code = {"identifier": MEMBER, "code": last_code(cloud, MEMBER)}
    assert known.post("/reset/verify", code).status == 200
    assert request(unknown, channel="letter").status == 202


@pytest.mark.parametrize("addresses", quick_and_slow(50, 1_000))
def test_a_letter_works_on_its_day_after_guesses_from_many_addresses(cloud: Cloud, addresses: int) -> None:
    door, _, unknown = besieged(cloud)
    assert request(unknown, channel="letter").status == 202
    code = last_code(cloud, MEMBER, Channel.LETTER)
    for number in range(addresses):
        stranger = Browser(door, source=f"198.51.{number // 250}.{number % 250}")
        assert stranger.post("/reset/verify", {"identifier": MEMBER, "code": wrong(code)}).status == 401
    door.clock.advance(LAST_DAY * DAY)
    assert request(Browser(door, source="198.51.0.1"), channel="letter").status == 202, "under way: nothing is sent"
    assert unknown.post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 200


def test_a_letter_that_a_stranger_requests_after_eight_days_voids_the_one_before(cloud: Cloud) -> None:
    door, _, unknown = besieged(cloud)
    request(unknown, channel="letter")
    left_lying = last_code(cloud, MEMBER, Channel.LETTER)
    door.clock.advance(8 * DAY)
    request(Browser(door, source="198.51.0.1"), channel="letter")
    codes = [left_lying, last_code(cloud, MEMBER, Channel.LETTER)]
    answers = [unknown.post("/reset/verify", {"identifier": MEMBER, "code": code}).status for code in codes]
    assert answers == [401, 200]


@pytest.mark.slow
def test_a_search_an_hour_closes_the_search_and_no_known_browser(cloud: Cloud) -> None:
    door, known, unknown = besieged(cloud)
    answers = siege(door, search, partial(search, unknown))
    assert len(door.events("identity.looked-up")) == requests_of_the_table("search for the identifier, unknown browser")
    assert answers == {429}
    assert search(known).status == 200
