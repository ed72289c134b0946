"""Who gets a letter first when more are asked for than a day has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.members.store import Members
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import Outbox, RequestQueue, new_request_id
from member_access.platform.aws import transact
from member_access.recovery.policy import IssuedCode, Reset
from member_access.recovery.store import put_reset, reset_key
from member_access.values.email_address import EmailAddress, EmailState
from member_access.values.types import Identifier, Instant
from simulators.cloud import queue_url
from simulators.sign_in_driver import FrontDoor
from tests.support.letter_room import LetterRoom
from tests.support.members import import_members, member_row
from tests.support.parts import quick_and_slow
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulators.cloud import Cloud

HOUR, DAY = 3600, 86_400
POST_WITHIN, VALID = 11 * DAY, 21 * DAY
WITH_EMAIL = 60
"""Members 1 to 60 have an e-mail address, those above have none."""


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """The functions; 60 members with an e-mail address, 60 without."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        rows = [
            member_row(number, email="member@example.fr" if number <= WITH_EMAIL else "") for number in range(1, 121)
        ]
        assert not import_members(cloud, *rows).refusals()
        yield door


def ask(door: FrontDoor, number: int) -> str:
    """Decide on a letter as the reset does, past its own limits."""
    cloud, now = door.cloud, door.clock()
    identifier = Identifier(f"A{number:07}")
    subject, table = door.subject(identifier), cloud.tables["AccessTable"]
    code = IssuedCode(new_request_id(door.runtime.random_bytes), now, Instant(now + VALID))
    letter = LetterRequest.with_code(code, identifier, subject, POST_WITHIN)
    letters = Outbox[LetterRequest](RequestQueue(cloud.sqs, queue_url("LettersQueue")), table)
    cloud.dynamodb.delete_item(TableName=table, Key={"pk": {"S": reset_key(subject)}})
    reset = put_reset(table, reset_key(subject), Reset(), Reset(letter=code, letters=(now,)), now)
    transact(cloud.dynamodb, [reset, letters.enqueue(letter, is_wanted=True)])
    return code.request_id


def states(room: LetterRoom) -> dict[str, str]:
    return {job["pk"].removeprefix("LETTER#"): job["letter_state"] for job in room.jobs()}


def end_of_day(door: FrontDoor, room: LetterRoom) -> None:
    """Let the day go by, which begins at 13:00 in Paris, with the sweep of 4:30."""
    room.queue.deliver_for(15 * HOUR + HOUR // 2)
    room.sweep()
    room.queue.deliver_for(DAY - 15 * HOUR - HOUR // 2)


@pytest.mark.parametrize("days", quick_and_slow(3, 8))
def test_requests_for_members_with_email_delay_no_one_without(door: FrontDoor, days: int) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "2"})
    sent_after: dict[str, int] = {}
    asked_at: dict[str, int] = {}
    stranger = 0
    for day in range(days):
        for _ in range(4):
            stranger = stranger % WITH_EMAIL + 1
            ask(door, stranger)
        room.queue.deliver_for(60)
        asked_at[ask(door, WITH_EMAIL + 1 + day)] = door.clock()
        end_of_day(door, room)
        for letter_id, state in states(room).items():
            if letter_id in asked_at and state == "submitted":
                sent_after.setdefault(letter_id, door.clock() - asked_at[letter_id])
    assert sent_after.keys() == asked_at.keys()
    assert max(sent_after.values()) <= DAY
    counters = items(door.cloud, "LETTER_BUDGET#")
    assert {counter["with_email"]["N"] for counter in counters} == {"1"}


def test_members_with_email_get_a_fifth_of_the_days_letters(door: FrontDoor, capfd: pytest.CaptureFixture[str]) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "10"})
    for number in range(1, 6):
        ask(door, number)
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 2
    out = capfd.readouterr().out
    assert (out.count('"letters.over-share":[1.0]'), out.count('"letters.over-budget":[1.0]')) == (3, 0)


def lose_address(door: FrontDoor) -> None:
    assert not import_members(door.cloud, member_row(3, email="")).refusals()


def bounce(door: FrontDoor) -> None:
    members = Members(door.cloud.dynamodb, door.cloud.tables["MembersTable"])
    address = EmailAddress("member@example.fr")
    assert members.mark_email(Identifier("A0000003"), address, EmailState.BOUNCED, door.clock())


@pytest.mark.parametrize("change", [lose_address, bounce])
def test_the_address_counts_as_it_is_when_the_letter_is_sent(
    door: FrontDoor, change: Callable[[FrontDoor], None]
) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "10"})
    for number in (1, 2, 3):
        ask(door, number)
    change(door)
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 3


def test_the_sweep_takes_members_without_email_first_and_the_oldest_first(door: FrontDoor) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "1"})
    first = ask(door, 61)
    room.queue.deliver_for(60)
    waiting = []
    for number in (1, 62, 2, 63):
        waiting.append(ask(door, number))
        room.queue.deliver_for(60)
    assert states(room)[first] == "submitted"
    with_email_1, without_1, with_email_2, without_2 = waiting

    door.clock.advance(16 * HOUR)
    before = len(door.cloud.messages("LettersQueue"))
    room.sweep()
    announced = [body.partition('"request_id": "')[2][:32] for body in door.cloud.messages("LettersQueue")[before:]]
    assert announced == [without_1, without_2, with_email_1, with_email_2]


def test_new_letters_before_the_sweep_overtake_those_that_wait(door: FrontDoor) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "1"})
    ask(door, 61)
    room.queue.deliver_for(60)
    waiting = ask(door, 62)
    room.queue.deliver_for(11 * HOUR)
    for number in range(63, 63 + POST_WITHIN // DAY):
        assert states(room)[waiting] == "requested"
        overtaking = ask(door, number)
        room.queue.deliver_for(4 * HOUR + HOUR // 2)
        assert states(room)[overtaking] == "submitted", "between midnight in Paris and half past four"
        room.sweep()
        room.queue.deliver_for(DAY - 4 * HOUR - HOUR // 2)
    room.sweep()
    room.queue.deliver_for(HOUR)
    assert states(room)[waiting] == "rejected", "given up"
