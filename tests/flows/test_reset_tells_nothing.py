"""A reset reveals nothing about who is a member, and keeps nothing that gives a code away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.recovery.codes import Channel
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor
from tests.support.codes import last_code, sent_codes
from tests.support.members import NEW_PIN
from tests.support.table import stored_text

if TYPE_CHECKING:
    from simulators.aws_calls import Footprint
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

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


def one_call(cloud: Cloud, clock: Clock, path: str, body: dict[str, str]) -> tuple[Reply, Footprint, int]:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock, executor=calls.executor)
        started, hops = calls.footprint(), calls.hops()
        reply = Browser(door).post(path, body)
        return reply, calls.footprint() - started, calls.hops() - hops


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


def test_a_wrong_code_takes_the_same_calls_at_every_state(cloud: Cloud) -> None:
    members(cloud)
    clock = Clock()
    for wait in (0, 0, 0, 0, 60, *[3600] * 7):
        clock.advance(wait)
        answers = [
            one_call(cloud, clock, "/reset/verify", {"identifier": one, "code": "000000"})
            for one in [BY_EMAIL, BY_LETTER, PINLESS, "UNKNOWN99"]
        ]
        assert all(answer == answers[0] for answer in answers)


@pytest.mark.slow
def test_the_decoy_channel_is_stable_and_follows_the_members_share(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"EmailSharePercent": "70", **NO_SOURCE_LIMITS})
    identifiers = [f"UNKNOWN{number}" for number in range(300)]

    def channels() -> list[str]:
        return [Browser(door).post("/reset", {"identifier": one}).body["channel"] for one in identifiers]

    first = channels()
    door.clock.advance(60)
    assert channels() == first
    assert 0.6 < first.count("email") / len(first) < 0.8


def test_the_code_of_a_decoy_is_never_right(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    unknown = unknown_identifier(door, Channel.EMAIL)
    reply = Browser(door).post("/reset/verify", {"identifier": unknown, "code": last_code(cloud, unknown)})
    assert reply.code == "invalid-code"


def test_tables_and_queues_hold_no_code_token_or_typed_secret(cloud: Cloud) -> None:
    members(cloud)
    door = FrontDoor(cloud)
    browser = Browser(door)
    browser.post("/reset", {"identifier": BY_EMAIL})
    browser.post("/reset", {"identifier": BY_LETTER})
    browser.post("/reset", {"identifier": PIN})
    codes = sent_codes(cloud, BY_EMAIL)[:1] + sent_codes(cloud, BY_LETTER, Channel.LETTER)[:1]
    kept = stored_text(cloud) + repr(cloud.queues.sent)
    code = codes[0]
    wrong = browser.post("/reset/verify", {"identifier": BY_EMAIL, "code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert wrong.status == 401
    written = door.log.getvalue()
    for secret in [*codes, PIN, "member@example.fr"]:
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
