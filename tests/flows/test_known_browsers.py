"""Known browsers: what a PIN has earned ends with the PIN, and adds up to a limit."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_access.api.cookies import MOST_DEVICE_COOKIES
from member_access.sessions.item import sign_ins_from_item
from member_access.sessions.sign_ins import MOST_BROWSERS, MOST_SESSIONS
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.interruption import once_before
from tests.support.members import NEW_PIN
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER, PARTNER = "A1234567", "B7654321"
EVALUATED = "login.failed"
_numbers = itertools.count()


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions, and two members of one household."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    door.add_member(PARTNER)
    return door


def known_browsers(door: FrontDoor, number: int, member: str = MEMBER) -> list[Browser]:
    """Browsers in which someone has signed in as the member."""
    browsers = [Browser(door, source=f"198.51.100.{one}") for one in range(number)]
    assert [browser.sign_in(member).status for browser in browsers] == [200] * number
    return browsers


def change_pin(browser: Browser, pin: str = PIN, new_pin: str = NEW_PIN, member: str = MEMBER) -> Reply:
    body = {"identifier": member, "pin": pin, "new_pin": new_pin, "new_pin_confirmation": new_pin}
    return browser.post("/pin", body)


def evaluated_guesses(door: FrontDoor, browsers: list[Browser], seconds: int, member: str = MEMBER) -> int:
    """Let each browser guess as often as it may, again and again, and count the guesses that were looked at."""
    before, until = len(door.events(EVALUATED)), door.clock.time + seconds
    while True:
        waits = []
        for browser in browsers:
            while (reply := browser.sign_in(member, OTHER_PIN)).status == 401:
                pass
            waits.append(reply.body.get("retry_after", seconds))
        if door.clock.time + min(waits) >= until:
            return len(door.events(EVALUATED)) - before
        door.clock.advance(min(waits))


@pytest.mark.parametrize("number", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_browsers_known_by_the_old_pin_have_three_guesses_at_the_new_one(door: FrontDoor, number: int) -> None:
    attackers = known_browsers(door, number)
    assert change_pin(Browser(door)).status == 204
    for attacker in attackers:
        attacker.source = "192.0.2.66"

    assert evaluated_guesses(door, attackers, seconds=1) == 3
    assert evaluated_guesses(door, attackers, seconds=86_400) == 7, "ten in a day"


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sign_ins=st.integers(0, 25), renewals=st.integers(0, 2))
def test_any_number_of_earlier_sign_ins_gives_no_guess_more(cloud: Cloud, sign_ins: int, renewals: int) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS, clock=Clock())
    member = door.add_member(f"D{next(_numbers):07}")
    attackers = known_browsers(door, sign_ins, member)
    pin = PIN
    for number in range(renewals):
        new_pin = f"27183{number}"
        assert change_pin(Browser(door, source="203.0.113.9"), pin, new_pin, member).status == 204
        pin = new_pin
    strangers_limit, limit_of_known_browsers = 10, 30

    guesses = evaluated_guesses(door, [*attackers, Browser(door)], 86_400, member)

    assert guesses <= strangers_limit + (0 if renewals else limit_of_known_browsers)


def test_all_known_browsers_together_have_thirty_guesses_in_a_row(door: FrontDoor) -> None:
    browsers = known_browsers(door, 8)
    guesses = evaluated_guesses(door, browsers, seconds=10 * 86_400)
    assert guesses == 30
    assert {browser.sign_in(MEMBER).code for browser in browsers} == {"pin-disabled"}
    assert Browser(door).sign_in(MEMBER).status == 200, "the shared counter is untouched"


def test_a_success_in_one_known_browser_ends_the_row_of_all(door: FrontDoor) -> None:
    browsers = known_browsers(door, 8)
    for browser in browsers:
        for _ in range(2):
            browser.sign_in(MEMBER, OTHER_PIN)
    assert browsers[0].sign_in(MEMBER).status == 200
    assert evaluated_guesses(door, browsers, seconds=10 * 86_400) == 30


def test_known_browsers_have_a_hundred_guesses_a_year(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"KnownBrowsersFailuresInAYear": "7"})
    door.add_member(MEMBER)
    (browser,) = known_browsers(door, 1)
    for _ in range(3):
        assert [browser.sign_in(MEMBER, OTHER_PIN).status for _ in range(2)] == [401, 401]
        assert browser.sign_in(MEMBER).status == 200
    assert browser.sign_in(MEMBER, OTHER_PIN).code == "pin-disabled"


def test_the_browser_that_sets_a_new_pin_alone_stays_known(door: FrontDoor) -> None:
    setter, other = known_browsers(door, 2)
    assert change_pin(setter).status == 204
    for _ in range(3):
        Browser(door, source="203.0.113.9").sign_in(MEMBER, OTHER_PIN)

    assert other.sign_in(MEMBER, NEW_PIN).status == 429
    assert setter.sign_in(MEMBER, NEW_PIN).status == 200


def test_an_eleventh_browser_is_known_in_place_of_the_oldest(door: FrontDoor) -> None:
    oldest, *others = known_browsers(door, MOST_BROWSERS + 1)
    for _ in range(3):
        Browser(door, source="203.0.113.9").sign_in(MEMBER, OTHER_PIN)

    assert oldest.sign_in(MEMBER).status == 429
    assert [browser.sign_in(MEMBER).status for browser in others] == [200] * MOST_BROWSERS


def test_an_eleventh_session_ends_the_oldest(door: FrontDoor) -> None:
    oldest, *others = known_browsers(door, MOST_SESSIONS + 1)

    (sign_ins,) = items(door.cloud, "SIGN_INS#")
    assert len(sign_ins_from_item(sign_ins).sessions) == MOST_SESSIONS
    assert oldest.refresh().code == "session-expired"
    assert [browser.refresh().status for browser in others] == [200] * MOST_SESSIONS


def test_two_members_of_one_browser_are_both_known_there(door: FrontDoor) -> None:
    browser = Browser(door)
    for member in (MEMBER, PARTNER):
        assert browser.sign_in(member).status == 200
    for member in (MEMBER, PARTNER):
        for _ in range(3):
            Browser(door, source="198.51.100.7").sign_in(member, OTHER_PIN)

    assert len(browser.device_cookies) == 2
    for member in (MEMBER, PARTNER):
        assert browser.sign_in(member).status == 200


def test_a_browser_keeps_the_cookies_of_five_members_and_drops_the_oldest(door: FrontDoor) -> None:
    browser, members = Browser(door), [f"C000000{number}" for number in range(MOST_DEVICE_COOKIES + 1)]
    cookies = []
    for member in members:
        door.add_member(member)
        assert browser.sign_in(member).status == 200
        cookies.append(list(browser.device_cookies)[-1])

    assert list(browser.device_cookies) == cookies[1:]
    assert browser.sign_in(members[0]).status == 200
    assert list(browser.device_cookies) == [*cookies[2:], cookies[0]]


def test_the_name_of_a_cookie_tells_no_identifier(door: FrontDoor) -> None:
    browser = Browser(door)
    browser.sign_in(MEMBER)
    ((name, _),) = browser.device_cookies.items()
    assert MEMBER not in name
    assert MEMBER.encode().hex() not in name
    assert len(name) == len("__Host-device-") + 16


def test_sign_ins_at_once_all_stay_known(door: FrontDoor, cloud: Cloud) -> None:
    first, second = Browser(door), Browser(door, source="198.51.100.7")

    def sign_in_elsewhere() -> None:
        assert second.sign_in(MEMBER).status == 200

    once_before(cloud, "TransactWriteItems", sign_in_elsewhere)
    assert first.sign_in(MEMBER).status == 200
    for _ in range(3):
        Browser(door, source="203.0.113.9").sign_in(MEMBER, OTHER_PIN)
    assert [browser.sign_in(MEMBER).status for browser in (first, second)] == [200, 200]
    assert [browser.refresh().status for browser in (first, second)] == [200, 200]
