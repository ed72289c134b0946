"""The daily sweep, run by its schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from letters.model.job import ProviderName
from simulators.print_providers.faults import Fault, FaultKind
from simulators.print_providers.maileva_server import FakeMaileva
from simulators.print_providers.pingen_server import FakePingen
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.letter_room import LetterRoom
from tests.support.members import import_members, member_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud
    from simulators.print_providers.fake_provider import FakeProvider

HOUR, DAY = 3600, 86_400
POSTED: dict[type[FakeProvider], str] = {FakeMaileva: "PROCESSED", FakePingen: "sent"}


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """The functions of the API, and three members without an e-mail address."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        assert not import_members(cloud, *(member_row(number, email="") for number in (1, 2, 3))).refusals()
        yield door


@pytest.fixture(params=list(ProviderName))
def room(request: pytest.FixtureRequest, door: FrontDoor) -> LetterRoom:
    """The functions of the letters, with either provider."""
    return LetterRoom(door, ProviderName(request.param))


def request_letter(door: FrontDoor, number: int = 1) -> None:
    assert Browser(door).post("/reset", {"identifier": f"A{number:07}"}).status == 202


def lose_messages(door: FrontDoor) -> None:
    door.cloud.queues.waiting.clear()


def test_a_letter_whose_message_is_lost_is_announced_again(door: FrontDoor, room: LetterRoom) -> None:
    request_letter(door)
    lose_messages(door)
    door.clock.advance(HOUR)
    assert room.sweep()["queued_again"] == 1
    room.queue.deliver_for(10 * 60)
    assert len(room.fake.letters()) == 1


def test_a_letter_that_waits_its_turn_is_not_announced_twice(door: FrontDoor, room: LetterRoom) -> None:
    room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, times=100, seconds=900))
    request_letter(door)
    room.queue.deliver_for(3 * HOUR)
    assert room.sweep()["queued_again"] == 0
    assert len(room.queue.waiting) == 1


def test_a_letter_whose_notification_is_lost_is_asked_after(door: FrontDoor, room: LetterRoom) -> None:
    request_letter(door)
    room.queue.deliver_for(10 * 60)
    (letter,) = room.fake.letters()
    room.fake.advance(
        letter.reference,
        "PROCESSED" if room.fake.is_taken(201) and not room.fake.is_taken(200) else "sent",
        webhook="none",
    )
    door.clock.advance(DAY)
    assert (room.sweep()["moved"], room.states()) == (1, ["posted"])
    assert room.sweep()["asked"] == 0, "a letter in the post is not asked after"


def test_an_orphan_draft_is_deleted_after_a_day_and_the_letter_is_not(door: FrontDoor) -> None:
    room = LetterRoom(door)
    room.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, "create_sending"))
    request_letter(door)
    room.queue.deliver_for(HOUR)
    assert room.sweep()["orphans_deleted"] == 0
    door.clock.advance(DAY)
    assert room.sweep()["orphans_deleted"] == 1
    assert room.sweep()["orphans_deleted"] == 0
    assert (len(room.fake.letters()), room.states()) == (1, ["submitted"])


def test_an_unknown_status_found_by_the_sweep_is_kept_and_reported(
    door: FrontDoor, room: LetterRoom, capfd: pytest.CaptureFixture[str]
) -> None:
    request_letter(door)
    room.queue.deliver_for(10 * 60)
    (letter,) = room.fake.letters()
    room.fake.advance(letter.reference, "teleported", webhook="none")
    door.clock.advance(DAY)
    assert room.sweep()["moved"] == 0
    (job,) = room.jobs()
    assert (job["letter_state"], job["unknown_status"]) == ("submitted", "teleported")
    assert '"letters.unknown-status":[1.0]' in capfd.readouterr().out


def test_letters_that_do_not_move_ring_an_alarm_one_by_one(
    door: FrontDoor, room: LetterRoom, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2, 3):
        request_letter(door, number)
    room.queue.deliver_for(10 * 60)
    door.clock.advance(4 * DAY)
    assert room.sweep()["stuck"] == 3
    assert capfd.readouterr().out.count('"letters.stuck":[1.0]') == 3
    assert [event["attention"] for event in door.events("letter.attention")] == ["stuck"] * 3
    references = {event["provider_reference"] for event in door.events("letter.attention")}
    assert references == {letter.reference for letter in room.fake.letters()}


def test_the_report_is_logged_as_counts(door: FrontDoor, room: LetterRoom) -> None:
    request_letter(door)
    room.sweep()
    (event,) = door.events("letters.swept")
    assert (event["queued_again"], event["asked"], event["provider_answered"]) == (0, 0, True)


def test_a_provider_that_does_not_answer_is_not_asked_after_every_letter(door: FrontDoor, room: LetterRoom) -> None:
    for number in (1, 2, 3):
        request_letter(door, number)
    room.queue.deliver_for(10 * 60)
    door.clock.advance(DAY)
    room.fake.planned_faults.plan(Fault(FaultKind.DROP_REQUEST, times=100))
    report = room.sweep()
    assert (report["unanswered"], report["provider_answered"]) == (3, False)
