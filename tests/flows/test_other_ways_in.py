"""Ways round a limit that other services have left open: a second path, a refresh, a reset, what was begun before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.recovery.codes import Channel
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.codes import last_code, wrong
from tests.support.members import NEW_PIN, import_members, member_row

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER = "A1234567"
ELSEWHERE = "198.51.100.7"
BY_SCREEN = member_row(2, email="")
HOUR = 3600


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions, and a member with a PIN and an e-mail address."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    return door


def lock(browser: Browser) -> None:
    assert [browser.sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]


def change_pin(browser: Browser) -> Reply:
    pins = {"pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    return browser.post("/pin", {"identifier": MEMBER, **pins})


def token_for(browser: Browser) -> str:
    browser.post("/reset", {"identifier": MEMBER})
    code = last_code(browser.door.cloud, MEMBER)
    token: str = browser.post("/reset/verify", {"identifier": MEMBER, "code": code}).body["reset_token"]
    return token


def set_pin(browser: Browser, token: str) -> Reply:
    return browser.post("/reset/pin", {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN})


def challenge_for(browser: Browser) -> str:
    data = {name: BY_SCREEN[name] for name in ("nir", "birth_date", "postcode")}
    challenge: str = browser.post("/identifier", data).body["challenge"]
    return challenge


def solve(browser: Browser, challenge: str, end: str = BY_SCREEN["iban"][-6:]) -> Reply:
    return browser.post("/identifier/iban", {"challenge": challenge, "iban_last6": end})


@pytest.mark.parametrize("is_known", [True, False])
def test_no_path_takes_the_right_pin_of_a_locked_member(door: FrontDoor, *, is_known: bool) -> None:
    """Keycloak#52783 (CVE-2026-88770): another path gave tokens to a locked account."""
    browser = Browser(door)
    if is_known:
        browser.sign_in(MEMBER)
    lock(browser)
    for reply in (browser.sign_in(MEMBER), change_pin(browser), browser.sign_in(MEMBER.lower())):
        assert (reply.status, reply.code) == (429, "too-many-attempts")
    door.clock.advance(60)
    assert browser.sign_in(MEMBER).status == 200, "the wait was not made longer"


def test_a_code_verified_before_a_lock_is_the_way_out_of_it(door: FrontDoor) -> None:
    """Keycloak#52783 too: the code is the documented way out, and opens the account that it was sent for."""
    member, stranger = Browser(door), Browser(door, source=ELSEWHERE)
    token = token_for(member)
    lock(stranger)
    assert set_pin(member, token).status == 204
    assert member.sign_in(MEMBER, NEW_PIN).status == 200
    assert stranger.sign_in(MEMBER, PIN).status == 401


def test_a_challenge_from_before_a_limit_is_not_solved_after_it(cloud: Cloud) -> None:
    """Keycloak#52783 too: the limit is the member's, whichever challenge is solved."""
    import_members(cloud, BY_SCREEN)
    browser = Browser(FrontDoor(cloud))
    earlier, guessed = challenge_for(browser), challenge_for(browser)
    for _ in range(3):
        assert solve(browser, guessed, "000000").status == 401
    assert [solve(browser, challenge).status for challenge in (earlier, guessed)] == [429, 429]


def test_a_challenge_held_past_midnight_gives_the_guesses_of_two_days(cloud: Cloud) -> None:
    """Keycloak#26177: after the lock the half-way session went on guessing."""
    import_members(cloud, BY_SCREEN)
    browser = Browser(FrontDoor(cloud))
    browser.door.clock.advance(12 * HOUR - 300)
    challenge = challenge_for(browser)
    for seconds in (301, 0):
        answers = [solve(browser, challenge, f"00000{number}").status for number in range(4)]
        assert answers == [401, 401, 401, 429], seconds
        browser.door.clock.advance(seconds)
    assert solve(browser, challenge).status == 429, "no challenge brings more than three guesses a day"


@pytest.mark.parametrize("channel", [None, "letter"])
def test_a_verified_code_outlives_the_guesses_and_requests_of_others(door: FrontDoor, channel: str | None) -> None:
    """Keycloak#26180: what was begun keeps what it has earned, and earns no guess."""
    member, stranger = Browser(door), Browser(door, source=ELSEWHERE)
    token = token_for(member)
    door.clock.advance(60)
    stranger.post("/reset", {"identifier": MEMBER, **({"channel": channel} if channel else {})})
    code = last_code(door.cloud, MEMBER, Channel.LETTER if channel else Channel.EMAIL)
    for _ in range(10):
        stranger.post("/reset/verify", {"identifier": MEMBER, "code": wrong(code)})
    assert set_pin(member, token).status == 204
    assert stranger.post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 401, "the new PIN voids it"


def test_a_refresh_resets_no_count_of_wrong_pins(door: FrontDoor) -> None:
    """Keycloak#49960: a silent authentication reset the counter of guesses."""
    member, stranger = Browser(door), Browser(door, source=ELSEWHERE)
    member.sign_in(MEMBER)
    assert [stranger.sign_in(MEMBER, OTHER_PIN).status for _ in range(2)] == [401, 401]
    assert member.refresh().status == 200
    third = stranger.sign_in(MEMBER, OTHER_PIN)
    assert (third.status, third.body["retry_after"]) == (429, 60)


@pytest.mark.parametrize("wrong_pins", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_a_reset_opens_every_browser_at_once(door: FrontDoor, wrong_pins: int) -> None:
    """Keycloak#45388: after a reset by e-mail the account was still locked."""
    known, stranger = Browser(door), Browser(door, source=ELSEWHERE)
    known.sign_in(MEMBER)
    for _ in range(wrong_pins):
        for browser in (known, stranger):
            browser.sign_in(MEMBER, OTHER_PIN)
        if wrong_pins > 3:
            door.clock.advance(HOUR)
    assert {browser.sign_in(MEMBER).status for browser in (known, stranger)} == {429 if wrong_pins == 3 else 403}
    resetting = Browser(door, source="203.0.113.9")
    assert set_pin(resetting, token_for(resetting)).status == 204
    assert [browser.sign_in(MEMBER, NEW_PIN).status for browser in (known, stranger, resetting)] == [200, 200, 200]


def test_a_reset_opens_the_account_at_an_address_with_one_guess_left(door: FrontDoor) -> None:
    """Keycloak#45388 too, where the address has 29 of its 30 failures."""
    neighbour, member = Browser(door), Browser(door)
    resetting = Browser(door, source=ELSEWHERE)
    lock(resetting)
    for number in range(29):
        neighbour.sign_in(f"UNKNOWN{number:02}", OTHER_PIN)
    assert set_pin(resetting, token_for(resetting)).status == 204
    assert [browser.sign_in(MEMBER, NEW_PIN).status for browser in (member, resetting)] == [200, 200]
