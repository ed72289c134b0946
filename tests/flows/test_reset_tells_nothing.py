"""A reset reveals nothing about who is a member, and keeps nothing that gives a code away."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from member_access.recovery.codes import Channel
from member_access.wording.texts import PROBLEMS, REFUSAL_REASONS
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor
from tests.support.codes import last_code, sent_codes
from tests.support.members import NEW_PIN
from tests.support.table import stored_text

if TYPE_CHECKING:
    from simulators.aws_calls import Footprint
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

HANDLE = re.compile(r"(?<=__Host-reset=)[0-9a-f]{64}(?=;)")
WRONG = PROBLEMS["invalid-code"].detail.fr
SPENT = REFUSAL_REASONS["code-spent"].fr
BY_EMAIL, BY_LETTER, PINLESS = "A1234567", "B7654321", "C5555555"


def members(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    door.add_member(BY_EMAIL, email="member@example.fr")
    door.add_member(BY_LETTER)
    door.add_member(PINLESS, pin=None, email="first@example.fr")


def unknown_identifier(door: FrontDoor, channel: Channel, number: int = 0) -> str:
    """An unknown identifier that is answered with this channel."""
    for candidate in range(number * 1000, number * 1000 + 1000):
        identifier = f"UNKNOWN{candidate}"
        if (
            Browser(door, source="203.0.113.1").post("/reset", {"identifier": identifier}).body.get("channel")
            == channel
        ):
            return identifier
    raise AssertionError(f"no identifier is answered with {channel}")


def one_call(
    cloud: Cloud, clock: Clock, path: str, body: dict[str, str], cookies: dict[str, str] | None = None
) -> tuple[Reply, Footprint, int]:
    """The response to a call, without its random handle, and what it took."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock, executor=calls.executor)
        started, hops = calls.footprint(), calls.hops()
        reply = Browser(door, cookies=cookies or {}).post(path, body)
        return without_handle(reply), calls.footprint() - started, calls.hops() - hops


def without_handle(reply: Reply) -> Reply:
    """The same reply with a fixed text of the same length in the handle's place."""
    headers = {name: [HANDLE.sub("0" * 64, value) for value in values] for name, values in reply.headers.items()}
    return replace(reply, headers=headers)


@pytest.mark.parametrize(("channel", "known"), [(Channel.EMAIL, [BY_EMAIL, PINLESS]), (Channel.LETTER, [BY_LETTER])])
def test_a_request_takes_the_same_calls_for_known_and_unknown(cloud: Cloud, channel: Channel, known: list[str]) -> None:
    members(cloud)
    clock = Clock()
    unknown = unknown_identifier(FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock), channel)
    clock.advance(40 * 86_400)
    for _ in range(3):
        answers = [one_call(cloud, clock, "/reset", {"identifier": one}) for one in [*known, unknown]]
        assert len({reply.status for reply, _, _ in answers}) == 1
        assert all(answer == answers[0] for answer in answers)
        clock.advance(20)


def test_every_accepted_request_sets_a_cookie_of_one_life(cloud: Cloud) -> None:
    members(cloud)
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    unknown = [unknown_identifier(door, channel) for channel in Channel]
    door.clock.advance(60)
    replies = [
        Browser(door).post("/reset", {"identifier": one})
        # The second time a letter is under way.
        for one in (BY_EMAIL, PINLESS, BY_LETTER, BY_LETTER, *unknown)
    ]
    assert {reply.status for reply in replies} == {202}
    assert len({reply.headers["Set-Cookie"][0] for reply in replies}) == len(replies), "each handle is another"
    assert {tuple(without_handle(reply).headers["Set-Cookie"]) for reply in replies} == {
        (f"__Host-reset={'0' * 64}; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Strict",)
    }


def test_a_letter_request_takes_the_same_calls_for_all(cloud: Cloud) -> None:
    members(cloud)
    clock = Clock()
    answers = []
    for one in [BY_EMAIL, BY_LETTER, PINLESS, "UNKNOWN99"]:
        answers.append(one_call(cloud, clock, "/reset", {"identifier": one, "channel": "letter"}))
        # Each may ask for the first of the source's letters of a day.
        clock.advance(86_400)
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][2] == 4, "hops"


@pytest.mark.parametrize("code", ["000000", "0000000000"])
@pytest.mark.parametrize("cookies", [{}, {"__Host-reset": "f" * 64}], ids=["no handle", "an invented handle"])
def test_a_wrong_code_takes_the_same_calls_for_all(cloud: Cloud, code: str, cookies: dict[str, str]) -> None:
    members(cloud)
    answers = [
        one_call(cloud, Clock(), "/reset/verify", {"identifier": one, "code": code}, cookies)
        for one in [BY_EMAIL, BY_LETTER, PINLESS, "UNKNOWN99"]
    ]
    assert all(answer == answers[0] for answer in answers)


def test_a_wrong_code_beside_its_handle_takes_the_same_calls_at_every_state(cloud: Cloud) -> None:
    members(cloud)
    clock = Clock()
    door = FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock)
    unknown = unknown_identifier(door, Channel.EMAIL)
    clock.advance(60)
    browsers = {one: Browser(door) for one in (BY_EMAIL, PINLESS, unknown)}
    for one, browser in browsers.items():
        browser.post("/reset", {"identifier": one})
    handles = {one: dict(browser.cookies) for one, browser in browsers.items()}
    change = {"identifier": BY_EMAIL, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    details, left = [], []
    for tried in range(7):
        if tried == 2:
            assert Browser(door).post("/pin", change).status == 204, "a new PIN is not noticed here"
        answers = [
            one_call(cloud, clock, "/reset/verify", {"identifier": one, "code": "000000"}, cookies)
            for one, cookies in handles.items()
        ]
        assert all(answer == answers[0] for answer in answers)
        details.append(answers[0][0].body["detail"])
        left.append(answers[0][0].body.get("tries_left"))
    assert details == [WRONG] * 4 + [SPENT] * 3
    assert left == [4, 3, 2, 1, None, None, None]


@pytest.mark.slow
def test_the_decoy_channel_is_stable_and_follows_the_members_share(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"EmailSharePercent": "70", **NO_SOURCE_LIMITS})

    def channels(count: int) -> list[str]:
        identifiers = [f"UNKNOWN{number}" for number in range(count)]
        return [Browser(door).post("/reset", {"identifier": one}).body["channel"] for one in identifiers]

    first = channels(100)
    door.clock.advance(60)
    assert channels(20) == first[:20]
    # Four standard deviations on each side.
    assert 51 < first.count("email") < 89


def test_the_code_of_a_decoy_is_never_right(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    unknown, browser = unknown_identifier(door, Channel.EMAIL), Browser(door)
    door.clock.advance(60)
    browser.post("/reset", {"identifier": unknown})
    reply = browser.post("/reset/verify", {"identifier": unknown, "code": last_code(cloud, unknown)})
    assert (reply.code, reply.body["detail"]) == ("invalid-code", WRONG)


def test_tables_and_queues_hold_no_code_token_or_typed_secret(cloud: Cloud) -> None:
    members(cloud)
    door = FrontDoor(cloud)
    browser = Browser(door)
    for identifier in (BY_LETTER, PIN, BY_EMAIL):
        browser.post("/reset", {"identifier": identifier})
    codes = sent_codes(cloud, BY_EMAIL)[:1] + sent_codes(cloud, BY_LETTER, Channel.LETTER)[:1]
    kept = stored_text(cloud) + repr(cloud.queues.sent)
    handle = browser.cookies["__Host-reset"]
    assert handle not in kept
    code = codes[0]
    wrong = browser.post("/reset/verify", {"identifier": BY_EMAIL, "code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert wrong.status == 401
    written = door.log.getvalue()
    for secret in [*codes, handle, PIN, "member@example.fr"]:
        assert secret not in written
    for secret in [*codes, PIN]:
        # A code of six digits may stand by chance inside an instant or a hash: as a value of its own it must not.
        assert f"'{secret}'" not in kept
        assert f'"{secret}"' not in kept


def test_no_token_or_new_pin_is_kept_or_logged(cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:
    members(cloud)
    door = FrontDoor(cloud)
    browser = Browser(door)
    browser.post("/reset", {"identifier": BY_EMAIL})
    code = last_code(cloud, BY_EMAIL)
    token = browser.post("/reset/verify", {"identifier": BY_EMAIL, "code": code}).body["reset_token"]
    kept = stored_text(cloud)
    assert token not in kept

    browser.post("/reset/pin", {"reset_token": token, "pin": "123456", "pin_confirmation": "123456"})
    browser.post("/reset/pin", {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN})
    browser.post("/pin", {"identifier": BY_EMAIL, "pin": NEW_PIN, "new_pin": PIN, "new_pin_confirmation": PIN})
    captured = capfd.readouterr()
    written = door.log.getvalue() + captured.out + captured.err
    assert "pin.changed" in written
    assert [secret for secret in (token, NEW_PIN, PIN, code, "member@example.fr") if secret in written] == []
