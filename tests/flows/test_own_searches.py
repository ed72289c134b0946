"""A stranger's searches for an identifier cannot shut a member out of the browser they use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor
from tests.support.members import import_members, member_row
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

ROW, PARTNER, OTHER = (member_row(number) for number in (1, 2, 3))


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions, and three members with PINs."""
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    import_members(cloud, ROW, PARTNER, OTHER)
    for row in (ROW, PARTNER, OTHER):
        door.give_pin(row["identifier"])
    return door


def search(browser: Browser, row: dict[str, str], **different: str) -> Reply:
    return browser.post("/identifier", {name: row[name] for name in ("nir", "birth_date", "postcode")} | different)


def keep_waiting(door: FrontDoor) -> int:
    """Search as strangers do until the number must wait, and return the wait in seconds."""
    stranger = Browser(door, source="198.51.100.7")
    while (reply := search(stranger, ROW, postcode="97411")).status == 200:
        pass
    return int(reply.body["retry_after"])


def known_to(door: FrontDoor, *rows: dict[str, str]) -> Browser:
    """A browser in which these members have signed in."""
    browser = Browser(door)
    assert [browser.sign_in(row["identifier"], PIN).status for row in rows] == [200] * len(rows)
    return browser


def test_a_known_browser_searches_while_strangers_keep_the_number_waiting(door: FrontDoor) -> None:
    known = known_to(door, ROW)
    for _ in range(3):
        wait = keep_waiting(door)
        assert search(Browser(door), ROW).status == 429
        assert search(known, ROW).status == 200
        door.clock.advance(wait)


def test_a_known_browser_has_three_searches_of_its_own_and_then_waits(door: FrontDoor) -> None:
    known = known_to(door, ROW)
    for wait in (60, 120):
        keep_waiting(door)
        answers = [search(known, ROW) for _ in range(4)] if wait == 60 else [search(known, ROW), search(known, ROW)]
        assert [reply.status for reply in answers[:-1]] == [200] * (len(answers) - 1)
        assert answers[-1].body["retry_after"] == wait
        door.clock.advance(wait)


def test_searches_of_a_known_browser_count_among_those_for_identities(door: FrontDoor) -> None:
    known = known_to(door, ROW)
    keep_waiting(door)
    before = len(items(door.cloud, "ATTEMPTS#identity#"))
    search(known, ROW)
    assert len(items(door.cloud, "ATTEMPTS#identity#")) == before + 1


def test_a_browser_of_two_members_searches_for_each(door: FrontDoor) -> None:
    known = known_to(door, PARTNER, ROW)
    keep_waiting(door)
    assert search(known, ROW).status == 200


@pytest.mark.parametrize("data", [{}, {"postcode": "97411"}, {"birth_date": "1999-12-31"}])
def test_another_members_browser_learns_nothing_from_its_own_allowance(door: FrontDoor, data: dict[str, str]) -> None:
    other = known_to(door, OTHER)
    keep_waiting(door)
    expected, reply = search(Browser(door), ROW, **data), search(other, ROW, **data)
    assert (reply.status, reply.text, reply.headers) == (429, expected.text, expected.headers)


def test_right_and_wrong_data_take_the_same_calls_in_another_members_browser(cloud: Cloud, door: FrontDoor) -> None:
    other = known_to(door, OTHER)
    keep_waiting(door)
    footprints = []
    for postcode in (ROW["postcode"], "97411"):
        with cloud.recorded_calls() as calls:
            watched = FrontDoor(cloud, NO_SOURCE_LIMITS, clock=door.clock, executor=calls.executor)
            search(Browser(watched, cookies=other.device_cookies), ROW, postcode=postcode)
            footprints.append(calls.footprint())
    assert footprints[0] == footprints[1]
    assert footprints[0].total() > 1


def test_made_up_cookies_give_no_search(door: FrontDoor) -> None:
    keep_waiting(door)
    forged = {f"__Host-device-{number:016}": "0" * 64 for number in range(5)}
    assert search(Browser(door, cookies=forged), ROW).status == 429


def test_made_up_cookies_beside_a_real_one_give_no_search_more(door: FrontDoor) -> None:
    real = known_to(door, ROW).device_cookies
    keep_waiting(door)
    answers = [
        search(Browser(door, cookies={f"__Host-device-{number:016}": "0" * 64, **real}), ROW).status
        for number in range(5)
    ]
    assert answers == [200, 200, 200, 429, 429]


def test_a_new_pin_ends_the_own_allowance_of_other_browsers(door: FrontDoor) -> None:
    known, setter = known_to(door, ROW), known_to(door, ROW)
    body = {"identifier": ROW["identifier"], "pin": PIN, "new_pin": "271937", "new_pin_confirmation": "271937"}
    assert setter.post("/pin", body).status == 204
    keep_waiting(door)
    assert search(known, ROW).status == 429
    assert search(setter, ROW).status == 200
