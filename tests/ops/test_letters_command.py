"""``python -m ops letters`` and ``returned``: what an operator reads, and what becomes of letters and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from letters.model.job import ProviderName
from member_access.recovery.codes import Channel
from ops.desk import ChangedMeanwhile, ExitStatus
from ops.letters_command import NotCancelled, NotSentAgain, cancel_letter, list_letters, retry_letter
from ops.returned_command import NothingToClear, clear_returned, list_returned, note_returned
from simulators.print_providers.faults import Fault, FaultKind
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.codes import last_code, sent_codes
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.members import import_members, member_row, members
from tests.support.operator_desk import StackInProcess, desk_of, stack_in_process
from tests.support.parts import quick_and_slow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.desk import Desk
    from simulators.cloud import Cloud

MEMBER, OTHER = "A0000001", "A0000002"
HOUR, DAY = 3600, 86_400
UNDELIVERED = {ProviderName.MAILEVA: "N10", ProviderName.PINGEN: "undeliverable"}


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """Two members without an e-mail address."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        import_members(cloud, member_row(1, email=""), member_row(2, email=""))
        yield door


@pytest.fixture
def room(door: FrontDoor, request: pytest.FixtureRequest) -> LetterRoom:
    """The functions of letters."""
    return LetterRoom(door, getattr(request, "param", ProviderName.MAILEVA))


both_providers = pytest.mark.parametrize(
    "room", quick_and_slow(ProviderName.MAILEVA, ProviderName.PINGEN), indirect=True
)


@pytest.fixture
def stack(door: FrontDoor, room: LetterRoom) -> StackInProcess:
    """The functions that an operator calls."""
    return stack_in_process(door, room)


@pytest.fixture
def desk(door: FrontDoor, stack: StackInProcess) -> Desk:
    """The operator's desk."""
    return desk_of(stack, door)


def ask(door: FrontDoor, member: str = MEMBER) -> int:
    reply = Browser(door).post("/reset", {"identifier": member})
    assert (reply.status, reply.body["channel"]) == (202, "letter")
    seconds: int = reply.body["resend_after"]
    return seconds


def verify(door: FrontDoor, code: str, member: str = MEMBER) -> int:
    return Browser(door).post("/reset/verify", {"identifier": member, "code": code}).status


def letter_ids(room: LetterRoom) -> list[str]:
    return [job["pk"].removeprefix("LETTER#") for job in room.jobs()]


def post(door: FrontDoor, room: LetterRoom) -> str:
    """Ask for a letter, and have it posted; return its code."""
    ask(door)
    code = last_code(door.cloud, MEMBER, Channel.LETTER)
    room.queue.deliver_for(HOUR)
    reference = room.fake.letters()[-1].reference
    while room.states()[-1] != "posted":
        room.fake.advance(reference)
    return code


def come_back(room: LetterRoom) -> None:
    room.fake.advance(room.fake.letters()[-1].reference, UNDELIVERED[room.provider])
    room.queue.deliver_for(HOUR)


def test_letters_are_counted_and_listed_by_state(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    post(door, room)
    ask(door, OTHER)
    first, second = letter_ids(room)

    result = list_letters(desk, "requested", 7)

    assert result.lines == [
        "requested          1",
        "drafted            0",
        "submitted          0",
        "rejected           0",
        "posted             1",
        "undelivered        0",
        "rejected, posted, undelivered: those of the last 7 days",
        "",
        f"{second}  A0000002      requested 2027-01-15  requested 2027-01-15  -  -",
    ]
    (listed,) = list_letters(desk, "posted", 7).data["letters"]
    assert (listed["letter_id"], listed["identifier"]) == (first, MEMBER)
    assert listed["provider_reference"] == room.fake.letters()[0].reference
    door.clock.advance(8 * DAY)
    assert list_letters(desk, None, 7).data["counts"] == {
        "requested": 1,
        "drafted": 0,
        "submitted": 0,
        "rejected": 0,
        "posted": 0,
        "undelivered": 0,
    }


def draft(door: FrontDoor, room: LetterRoom) -> str:
    """Ask for a letter that the provider has as a draft; return its id."""
    route = {ProviderName.MAILEVA: "submit_sending", ProviderName.PINGEN: "send_letter"}[room.provider]
    ask(door)
    room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, route))
    room.queue.deliver_for(10)
    assert room.states() == ["drafted"]
    return letter_ids(room)[0]


@both_providers
def test_a_draft_is_cancelled_at_the_provider_and_its_code_is_void(
    door: FrontDoor, room: LetterRoom, desk: Desk, stack: StackInProcess
) -> None:
    letter = draft(door, room)
    code = last_code(door.cloud, MEMBER, Channel.LETTER)

    result = cancel_letter(desk, letter)

    assert result.lines == [
        f"{letter} is cancelled, and its code is void. The member can ask for another letter at once."
    ]
    assert [event["outcome"] for event in stack.trail] == ["begun", "done"]
    room.queue.deliver_for(DAY)
    assert (room.states(), room.fake.letters(), room.jobs()[0]["code"]) == (["rejected"], [], "cancelled")
    assert verify(door, code) == 401
    ask(door)
    assert len(room.jobs()) == 2


@pytest.mark.slow
def test_a_letter_without_a_draft_is_cancelled_too(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    ask(door)
    cancel_letter(desk, letter_ids(room)[0])
    room.queue.deliver_for(DAY)
    assert (room.states(), room.fake.letters()) == (["rejected"], [])


@pytest.mark.slow
def test_a_submitted_letter_is_not_cancelled(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    post(door, room)
    with pytest.raises(NotCancelled, match="posted"):
        cancel_letter(desk, letter_ids(room)[0])
    with pytest.raises(NotCancelled, match="no such letter"):
        cancel_letter(desk, "0" * 32)


@pytest.mark.slow
def test_a_letter_that_is_being_sent_is_not_cancelled(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    ask(door)
    key = {"pk": {"S": room.jobs()[0]["pk"]}}
    door.cloud.dynamodb.update_item(
        TableName=door.cloud.tables["AccessTable"],
        Key=key,
        UpdateExpression="SET lease_holder = :one, lease_until = :until",
        ExpressionAttributeValues={":one": {"S": "another"}, ":until": {"N": str(door.clock() + 60)}},
    )
    with pytest.raises(ChangedMeanwhile):
        cancel_letter(desk, letter_ids(room)[0])


@pytest.mark.slow
def test_a_letter_given_up_is_replaced_with_a_new_one(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    ask(door)
    door.clock.advance(11 * DAY)
    room.queue.deliver_for(HOUR)
    (given_up,) = letter_ids(room)

    result = retry_letter(desk, given_up)

    new = letter_ids(room)[1]
    assert result.lines == [f"A new letter with a new code takes its place: {new}."]
    with pytest.raises(NotSentAgain, match="under way"):
        retry_letter(desk, given_up)
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 1
    assert verify(door, last_code(door.cloud, MEMBER, Channel.LETTER)) == 200


@pytest.mark.slow
def test_a_letter_that_waits_is_put_into_the_queue_again(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    ask(door)
    door.cloud.queues.waiting.clear()
    (letter,) = letter_ids(room)
    assert retry_letter(desk, letter).lines == [f"{letter} is in the queue again."]
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 1
    with pytest.raises(NotSentAgain, match="has this letter"):
        retry_letter(desk, letter)
    with pytest.raises(NotSentAgain, match="no such letter"):
        retry_letter(desk, "0" * 32)


@both_providers
def test_a_letter_that_came_back_ends_paper_to_its_address(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    code = post(door, room)
    come_back(room)

    assert verify(door, code) == 401
    assert members(door.cloud)[MEMBER]["address_state"] == "returned"
    assert [event["audit"]["who"]["member"] for event in door.events("address.returned")] == [MEMBER]
    door.clock.advance(9 * DAY)
    assert ask(door) == 8 * DAY, "the member reads what anyone reads"
    room.queue.deliver_for(HOUR)
    assert (len(room.fake.letters()), room.states()) == (1, ["undelivered", "rejected"])
    assert room.jobs()[1]["code"] == "address-returned"
    assert list_returned(desk).lines == [
        "A0000001      since 2027-01-15  asked for a letter in vain on 2027-01-24",
        "1 member gets no letter until the insurer's system has another address.",
    ]
    with pytest.raises(NotSentAgain, match="import it first"):
        retry_letter(desk, letter_ids(room)[1])


def test_another_address_gets_letters_again(door: FrontDoor, room: LetterRoom) -> None:
    post(door, room)
    come_back(room)
    import_members(door.cloud, member_row(1, email="", iban=member_row(9)["iban"]))
    assert "address_state" in members(door.cloud)[MEMBER]
    import_members(door.cloud, member_row(1, email="", address_4="2 RUE DE L EXEMPLE"))
    assert "address_state" not in members(door.cloud)[MEMBER]
    ask(door)
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 2


@pytest.mark.slow
def test_a_letter_that_came_back_from_the_former_address_marks_no_newer_one(door: FrontDoor, room: LetterRoom) -> None:
    code = post(door, room)
    import_members(door.cloud, member_row(1, email="", address_4="2 RUE DE L EXEMPLE"))
    come_back(room)
    assert "address_state" not in members(door.cloud)[MEMBER]
    assert verify(door, code) == 401


@pytest.mark.slow
def test_a_letter_asked_for_since_keeps_its_code(door: FrontDoor, room: LetterRoom) -> None:
    post(door, room)
    door.clock.advance(9 * DAY)
    ask(door)
    newer = last_code(door.cloud, MEMBER, Channel.LETTER)
    come_back(room)
    assert verify(door, newer) == 200


@pytest.mark.parametrize("by", ["identifier", "letter"])
def test_a_letter_in_the_operators_hands_is_noted(door: FrontDoor, room: LetterRoom, desk: Desk, by: str) -> None:
    code = post(door, room)
    entry = MEMBER if by == "identifier" else letter_ids(room)[0]

    first, second = note_returned(desk, [entry.lower()]), note_returned(desk, [entry])
    room.queue.deliver_for(HOUR)

    assert first.lines == [
        f"{entry}: noted; its code is void, and no letter goes to this address any more",
        "Noted: 1 of 1.",
    ]
    assert second.lines[0] == f"{entry}: was noted before"
    assert (first.status, second.status) == (ExitStatus.DONE, ExitStatus.DONE)
    assert verify(door, code) == 401
    assert members(door.cloud)[MEMBER]["address_state"] == "returned"


@pytest.mark.slow
def test_an_unknown_entry_ends_with_status_1_after_the_others(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    ask(door, OTHER)
    result = note_returned(desk, ["Z9999999", "0" * 32, letter_ids(room)[0], MEMBER])
    assert [line.partition(": ")[2] for line in result.lines] == [
        "no such member or letter",
        "no such member or letter",
        "this letter was never posted",
        "noted; its code is void, and no letter goes to this address any more",
        "1 of 4.",
    ]
    assert result.status is ExitStatus.ATTENTION


@pytest.mark.slow
def test_a_mark_is_cleared_for_an_address_that_is_right(door: FrontDoor, room: LetterRoom, desk: Desk) -> None:
    note_returned(desk, [MEMBER])
    assert clear_returned(desk, MEMBER).lines == [f"{MEMBER}: letters go to the address again."]
    with pytest.raises(NothingToClear):
        clear_returned(desk, MEMBER)
    post(door, room)
    assert len(room.fake.letters()) == 1


@pytest.mark.slow
def test_a_member_with_an_email_address_still_gets_codes_by_email(
    door: FrontDoor, room: LetterRoom, desk: Desk
) -> None:
    import_members(door.cloud, member_row(1))
    note_returned(desk, [MEMBER])
    mailroom, browser = Mailroom(door), Browser(door)
    assert browser.post("/reset", {"identifier": MEMBER}).body["channel"] == "email"
    mailroom.emails.deliver_for(60)
    assert len(mailroom.sent) == 1
    browser.post("/reset", {"identifier": MEMBER, "channel": "letter"})
    room.queue.deliver_for(HOUR)
    mailroom.emails.deliver_for(60)
    subjects = [email["Content"]["Simple"]["Subject"]["Data"] for email in mailroom.sent]
    assert subjects[-1] == "Votre courrier n’a pas pu être envoyé"
    assert (room.fake.letters(), len(sent_codes(door.cloud, MEMBER, Channel.LETTER))) == ([], 1)
