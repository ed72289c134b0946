"""The attack that ``docs/security.md`` counts, played at the functions themselves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from member_access.sessions.sign_ins import MOST_BROWSERS
from member_access.throttling.sources import SlidingWindow
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, Browser, FrontDoor
from tests.support.codes import last_code, wrong
from tools.browser_attackers import in_known_browsers
from tools.guessing import Arithmetic
from tools.limits import Guesses, Limits
from tools.source_attackers import when_a_window_ends

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A1234567"
DAY = 86_400


def test_a_day_of_wrong_codes_takes_as_many_guesses_as_the_table_says(cloud: Cloud) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(MEMBER, email="member@example.fr")
    limits, browser = Limits.of_template(), Browser(door)
    began_at = door.clock.time
    for _ in range(limits.reset.emails_a_day):
        asked = browser.post("/reset", {"identifier": MEMBER})
        guess = {"identifier": MEMBER, "code": wrong(last_code(cloud, MEMBER))}
        for _ in range(2 * limits.reset.code_tries):
            assert browser.post("/reset/verify", guess).status == 401
        door.clock.advance(asked.body["resend_after"])

    assert browser.post("/reset", {"identifier": MEMBER}).status == 429, "no further code before the day is over"
    assert door.clock.time < began_at + DAY
    assert len(door.events("code.rejected")) == Arithmetic(limits).email_code.a_day


def test_all_known_browsers_and_unknown_ones_guess_as_often_as_the_table_says(cloud: Cloud) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(MEMBER)
    browsers = [Browser(door) for _ in range(MOST_BROWSERS)]
    assert {browser.sign_in(MEMBER).status for browser in browsers} == {200}
    browsers.append(Browser(door))
    until, guesses = door.clock.time + DAY, Guesses.of(partial(in_known_browsers, Limits.of_template().login))
    at_once = None
    while door.clock.time < until:
        waits = [DAY]
        for browser in browsers:
            while (reply := browser.sign_in(MEMBER, OTHER_PIN)).status == 401:
                pass
            waits.append(reply.body.get("retry_after", DAY))
        at_once = at_once or len(door.events("login.failed"))
        door.clock.advance(min(waits))
    assert (at_once, len(door.events("login.failed"))) == (guesses.at_once, guesses.a_day)


def test_guesses_under_way_when_a_window_ends_are_as_many_as_the_page_says(cloud: Cloud) -> None:
    """Each guess reads its source before the one before it is claimed: half of them in one window, half in the next."""
    limit, window = 3, 900
    door = FrontDoor(cloud, {"SourceFailures": str(limit), "SourceWindowSeconds": str(window)})
    door.clock.advance(window - 1 - door.clock.time % window)
    events, between, started = cloud.dynamodb.meta.events, "before-parameter-build.dynamodb.UpdateItem", [0]

    def guess(**_: object) -> None:
        if started[0] < 3 * limit:
            started[0] += 1
            door.clock.advance(started[0] == limit + 1)
            Browser(door).sign_in(f"STRANGER{started[0]}", OTHER_PIN)

    events.register_first(between, guess)
    guess()
    events.unregister(between, guess)
    assert len(door.events("login.failed")) == when_a_window_ends(SlidingWindow(limit, window)) == 2 * limit
