"""A letter that is given up: its member gets a notice, and may ask again at once."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from letters.model.job import ProviderName
from member_access.recovery.codes import Channel
from simulators.sign_in_driver import Browser, FrontDoor
from tests.flows.test_letter_crashes import Killing, kill
from tests.support.codes import last_code
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.members import import_members, member_row
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulators.cloud import Cloud

MEMBER = "A0000001"
HOUR, DAY = 3600, 86_400
SUBJECT = "Votre courrier n’a pas pu être envoyé"


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """The functions of the API, and a member with an e-mail address."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        assert not import_members(cloud, member_row(1)).refusals()
        yield door


@pytest.fixture
def mailroom(door: FrontDoor) -> Mailroom:
    """The functions behind the e-mail queues."""
    return Mailroom(door)


@pytest.fixture
def room(door: FrontDoor) -> LetterRoom:
    """The functions of the letters."""
    return LetterRoom(door)


def ask(door: FrontDoor) -> int:
    """Ask for a letter; return how long the member must wait for another one."""
    reply = Browser(door).post("/reset", {"identifier": MEMBER, "channel": "letter"})
    assert (reply.status, reply.body["channel"]) == (202, "letter")
    seconds: int = reply.body["resend_after"]
    return seconds


def notices(mailroom: Mailroom) -> int:
    mailroom.emails.deliver_for(60)
    return [email["Content"]["Simple"]["Subject"]["Data"] for email in mailroom.sent].count(SUBJECT)


def letters(door: FrontDoor) -> int:
    return len(items(door.cloud, "LETTER#"))


def too_late(door: FrontDoor, room: LetterRoom) -> None:
    door.clock.advance(11 * DAY)
    room.queue.deliver()


def rejected_by_notification(_: FrontDoor, room: LetterRoom) -> None:
    room.queue.deliver_for(HOUR)
    room.fake.advance(room.fake.letters()[0].reference, "REJECTED")
    room.queue.deliver_for(HOUR)


def rejected_and_found_by_the_sweep(door: FrontDoor, room: LetterRoom) -> None:
    room.queue.deliver_for(HOUR)
    room.fake.advance(room.fake.letters()[0].reference, "REJECTED", webhook="none")
    door.clock.advance(DAY)
    assert room.sweep()["moved"] == 1
    room.queue.deliver_for(HOUR)


WAYS = [too_late, rejected_by_notification, rejected_and_found_by_the_sweep]


@pytest.mark.parametrize("gives_up", WAYS)
def test_a_letter_given_up_is_reported_once_by_email(
    door: FrontDoor, room: LetterRoom, mailroom: Mailroom, gives_up: Callable[[FrontDoor, LetterRoom], None]
) -> None:
    ask(door)
    gives_up(door, room)
    assert room.states() == ["rejected"]
    assert notices(mailroom) == 1
    room.enqueue(room.jobs()[0]["pk"].removeprefix("LETTER#"))
    room.queue.deliver_for(HOUR)
    assert notices(mailroom) == 1


@pytest.mark.parametrize("gives_up", WAYS)
def test_its_member_can_ask_for_another_letter_at_once(
    door: FrontDoor, room: LetterRoom, gives_up: Callable[[FrontDoor, LetterRoom], None]
) -> None:
    ask(door)
    gives_up(door, room)
    assert letters(door) == 1
    ask(door)
    assert letters(door) == 2
    room.queue.deliver_for(HOUR)
    code = last_code(door.cloud, MEMBER, Channel.LETTER)
    assert Browser(door).post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 200


def test_the_code_of_a_letter_given_up_works_no_more(door: FrontDoor, room: LetterRoom) -> None:
    ask(door)
    code = last_code(door.cloud, MEMBER, Channel.LETTER)
    rejected_by_notification(door, room)
    assert Browser(door).post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 401


def test_a_letter_that_is_sent_keeps_its_interval_and_is_not_reported(
    door: FrontDoor, room: LetterRoom, mailroom: Mailroom
) -> None:
    ask(door)
    room.queue.deliver_for(DAY)
    assert ask(door) == 7 * DAY
    assert (letters(door), notices(mailroom)) == (1, 0)


def test_a_member_without_an_address_gets_no_notice(door: FrontDoor, room: LetterRoom, mailroom: Mailroom) -> None:
    import_members(door.cloud, member_row(1, email=""))
    ask(door)
    rejected_by_notification(door, room)
    assert (notices(mailroom), mailroom.emails.given_up) == (0, [])
    assert "no-address" in [event["audit"]["reason"] for event in door.events("email.dropped")]
    ask(door)
    assert letters(door) == 2


def test_an_older_letter_given_up_changes_nothing_of_a_newer_one(
    door: FrontDoor, room: LetterRoom, mailroom: Mailroom
) -> None:
    ask(door)
    room.queue.deliver_for(HOUR)
    older = room.fake.letters()[0].reference
    door.clock.advance(9 * DAY)
    ask(door)
    newer = last_code(door.cloud, MEMBER, Channel.LETTER)
    room.fake.advance(older, "REJECTED")
    room.queue.deliver_for(HOUR)
    assert (ask(door) > 0, letters(door), notices(mailroom)) == (True, 2, 0)
    assert Browser(door).post("/reset/verify", {"identifier": MEMBER, "code": newer}).status == 200


def test_a_reset_that_changes_in_between_is_read_again(door: FrontDoor, room: LetterRoom, mailroom: Mailroom) -> None:
    ask(door)
    door.clock.advance(11 * DAY)

    browser = Browser(door)

    def ask_for_a_code() -> None:
        door.cloud.queues.when_sent = lambda: None
        assert browser.post("/reset", {"identifier": MEMBER}).body["channel"] == "email"

    door.cloud.queues.when_sent = ask_for_a_code
    room.queue.deliver()
    code = last_code(door.cloud, MEMBER)
    assert notices(mailroom) == 1
    assert browser.post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 200


@pytest.mark.parametrize("after", [False, True])
def test_a_function_killed_at_any_call_reports_a_letter_once(door: FrontDoor, mailroom: Mailroom, after: bool) -> None:
    room = LetterRoom(door)
    for call in count(1):
        ask(door)
        door.clock.advance(11 * DAY)
        was_killed = kill(door, room, Killing(call, after=after))
        room.queue.deliver_for(HOUR)
        assert room.states() == ["rejected"] * call, f"killed at call {call}"
        assert notices(mailroom) == call, f"killed at call {call}"
        if not was_killed:
            break
    # Claim, member's record, rejection; job; reset, message, transaction.
    assert call == 7 + 1


@pytest.mark.parametrize("provider", list(ProviderName))
def test_a_used_code_reports_no_letter(door: FrontDoor, mailroom: Mailroom, provider: ProviderName) -> None:
    room = LetterRoom(door, provider)
    ask(door)
    code = last_code(door.cloud, MEMBER, Channel.LETTER)
    assert Browser(door).post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 200
    room.queue.deliver_for(HOUR)
    assert (room.states(), notices(mailroom)) == (["rejected"], 0)
