"""The attack that ``docs/security.md`` counts, played at the functions themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.codes import last_code, wrong
from tools.guessing import Arithmetic, Limits

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A1234567"
DAY = 86_400


def test_a_day_of_wrong_codes_takes_as_many_guesses_as_the_table_says(cloud: Cloud) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(MEMBER, email="member@example.fr")
    limits, browser, guesses = Limits.of_template(), Browser(door), 0
    began_at = door.clock.time
    for _ in range(limits.reset.emails_a_day):
        asked = browser.post("/reset", {"identifier": MEMBER})
        expires_at = door.clock.time + asked.body["expires_in"]
        guess = {"identifier": MEMBER, "code": wrong(last_code(cloud, MEMBER))}
        for _ in range(limits.reset.code_consecutive_failures):
            guesses += door.clock.time < expires_at
            door.clock.advance(browser.post("/reset/verify", guess).body.get("retry_after", 0))

    assert browser.post("/reset", {"identifier": MEMBER}).status == 429, "no further code before the day is over"
    assert door.clock.time < began_at + DAY
    assert len(door.events("code.rejected")) == limits.reset.emails_a_day * limits.reset.code_consecutive_failures
    assert guesses == Arithmetic(limits).email_code.a_day
