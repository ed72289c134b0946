"""A letter from the request to the letter-box: its page, its repetitions, and letters that cannot go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from letters.model.job import ProviderName
from member_access.audit_events.letters import LetterRejected
from member_access.recovery.codes import Channel
from member_access.values.types import Instant
from simulators.cloud import queue_url
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.faults import Fault, FaultKind
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.codes import last_code, wrong
from tests.support.letter_room import SECRET, LetterRoom
from tests.support.members import NEW_PIN, import_members, member_row
from tests.support.parts import quick_and_slow
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from letters.providers.http_client import HttpRequest, HttpResponse
    from simulators.clock import Clock
    from simulators.cloud import Cloud
    from tests.support.members import Row

MEMBER = "A0000001"
HOUR, DAY = 3600, 86_400


def postal_row(number: int = 1, **different: str) -> Row:
    """A member without an e-mail address."""
    return member_row(number, email="", **different)


SEVEN_LINES = postal_row(
    first_name="Anne-Élisabeth",
    last_name="Wanneroy-Mürr-Œuvray",
    address_2="Escalier B, 4e étage, 2e porte droite",
    address_3="Résidence Les Grands Marronniers, B 12",
    address_4="127 bis, boulevard du Général-Exemple",
    address_5="Lieu-dit Le Petit-Moulin-de-la-Vallée",
    postcode="L-1234",
    town="Exempleville-lès-Moulins-sur-Al",
    country="LU",
)


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """The functions of the API; they make one call after another, because moto cannot handle two at once."""
    with cloud.recorded_calls() as calls:
        yield FrontDoor(cloud, NO_SOURCE_LIMITS, executor=calls.executor)


@pytest.fixture(params=list(ProviderName))
def room(request: pytest.FixtureRequest, door: FrontDoor) -> LetterRoom:
    """The functions of the letters, with either provider."""
    return LetterRoom(door, ProviderName(request.param))


@pytest.fixture
def maileva_room(door: FrontDoor) -> LetterRoom:
    """The functions of the letters, with Maileva."""
    return LetterRoom(door)


@pytest.fixture
def pingen_room(door: FrontDoor) -> LetterRoom:
    """The functions of the letters, with Pingen, which needs the address on the page."""
    return LetterRoom(door, ProviderName.PINGEN)


def add(door: FrontDoor, *rows: Row) -> None:
    assert not import_members(door.cloud, *rows).refusals()


def spoil(door: FrontDoor, number: int = 1) -> None:
    """Write a town that no letter can show, which the import would reject."""
    door.cloud.dynamodb.update_item(
        TableName=door.cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#A{number:07}"}},
        UpdateExpression="SET town = :town",
        ExpressionAttributeValues={":town": {"S": "😀"}},
    )


def request_letter(door: FrontDoor, identifier: str = MEMBER, source: str = "192.0.2.1") -> None:
    reply = Browser(door, source=source).post("/reset", {"identifier": identifier})
    assert (reply.status, reply.body["channel"]) == (202, "letter")


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as document:
        (page,) = document.pages
        return page.extract_text()


def printed_code(pdf: bytes) -> str:
    """The code: the only large text."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        (page,) = document.pages
        return "".join(one["text"] for one in page.chars if one["size"] > 30).replace(" ", "")


def in_pairs(code: str) -> str:
    return " ".join(re.findall("..", code))


def reset_with(browser: Browser, code: str, identifier: str = MEMBER) -> None:
    verified = browser.post("/reset/verify", {"identifier": identifier, "code": code})
    assert verified.status == 200, verified.text
    pins = {"reset_token": verified.body["reset_token"], "pin": NEW_PIN, "pin_confirmation": NEW_PIN}
    assert browser.post("/reset/pin", pins).status == 204
    assert Browser(browser.door).sign_in(identifier, NEW_PIN).status == 200


def reset_by_email(door: FrontDoor) -> None:
    """The other way to a new PIN, which voids every open code."""
    browser = Browser(door)
    assert browser.post("/reset", {"identifier": MEMBER}).body["channel"] == "email"
    reset_with(browser, last_code(door.cloud, MEMBER))


def member_item(door: FrontDoor, identifier: str = MEMBER) -> dict[str, str]:
    item = door.cloud.dynamodb.get_item(
        TableName=door.cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{identifier}"}}
    )["Item"]
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


def test_a_letter_from_end_to_end(door: FrontDoor, room: LetterRoom) -> None:
    add(door, SEVEN_LINES)
    request_letter(door)
    room.queue.deliver_for(10 * 60)
    (letter,) = room.fake.letters()
    if room.fake.is_taken(200):  # Pingen, which reads the address off the page
        assert letter.address == (
            "Anne-Élisabeth Wanneroy-Mürr-Œuvray",
            "Escalier B, 4e étage, 2e porte droite",
            "Résidence Les Grands Marronniers, B 12",
            "127 bis, boulevard du Général-Exemple",
            "Lieu-dit Le Petit-Moulin-de-la-Vallée",
            "L-1234 EXEMPLEVILLE-LÈS-MOULINS-SUR-AL",
            "LUXEMBOURG",
        )
    else:
        assert letter.address == (
            "Anne-Élisabeth Wanneroy-Mürr-Œuvray",
            "Escalier B, 4e étage, 2e porte droite",
            "Résidence Les Grands Marronniers, B 12",
            "127 bis, boulevard du Général-Exemple",
            "Lieu-dit Le Petit-Moulin-de-la-Vallée",
            "L-1234 EXEMPLEVILLE-LÈS-MOULINS-SUR-AL",
        )
    code = printed_code(letter.pdf)
    assert text_of(letter.pdf).count(in_pairs(code)) == 1
    assert MEMBER not in text_of(letter.pdf)
    assert "jusqu’au jeudi 4 février 2027 inclus" in text_of(letter.pdf).replace("\N{NO-BREAK SPACE}", " ")

    door.clock.advance(6 * DAY)
    reset_with(Browser(door), code)
    assert (room.states(), room.queue.waiting, room.queue.given_up) == (["submitted"], [], [])


def test_an_english_member_gets_an_english_letter(door: FrontDoor, maileva_room: LetterRoom) -> None:
    add(door, postal_row(language="en"))
    request_letter(door)
    maileva_room.queue.deliver_for(60)
    (letter,) = maileva_room.fake.letters()
    assert "Your security code" in text_of(letter.pdf)


def test_a_message_that_comes_again_sends_nothing_again(door: FrontDoor, room: LetterRoom) -> None:
    add(door, postal_row())
    request_letter(door)
    (job,) = room.jobs()
    request_id = job["pk"].removeprefix("LETTER#")
    for _ in range(3):
        room.enqueue(request_id)
    room.queue.deliver_for(HOUR)
    room.enqueue(request_id)
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 1
    assert (room.queue.waiting, room.queue.given_up) == ([], [])


def test_a_letter_that_is_made_again_has_the_same_code(door: FrontDoor, maileva_room: LetterRoom) -> None:
    add(door, postal_row())
    sent: list[bytes] = []
    transport = in_process(maileva_room.fake)

    def watched(request: HttpRequest) -> HttpResponse:
        if request.url.endswith("/documents"):
            sent.append(request.body[request.body.index(b"%PDF") : request.body.rindex(b"%%EOF") + 6])
        return transport(request)

    maileva_room.restart(watched)
    maileva_room.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "add_document"))
    request_letter(door)
    maileva_room.queue.deliver_for(HOUR)
    first, second = sent
    assert first == second
    reset_with(Browser(door), printed_code(second))


def test_a_letter_without_a_member_is_looked_for_once_and_forgotten(door: FrontDoor, maileva_room: LetterRoom) -> None:
    for number in range(30):
        Browser(door).post("/reset", {"identifier": f"UNKNOWN{number:02}"})
    announced = len(maileva_room.queue.waiting)
    assert 0 < announced < 30
    maileva_room.queue.deliver_for(3)
    assert door.events("message.not-yet") == []
    assert (maileva_room.queue.waiting, maileva_room.queue.given_up) == ([], [])
    assert maileva_room.fake.requests == []


def test_a_message_that_is_faster_than_the_write_it_announces_is_not_lost(
    door: FrontDoor, maileva_room: LetterRoom
) -> None:
    add(door, postal_row())

    def deliver_at_once() -> None:
        door.clock.advance(5)
        maileva_room.queue.deliver()

    door.cloud.queues.when_sent = deliver_at_once
    request_letter(door)
    door.cloud.queues.when_sent = lambda: None
    assert door.events("message.not-yet")
    assert maileva_room.fake.requests == []
    maileva_room.queue.deliver_for(HOUR)
    assert len(maileva_room.fake.letters()) == 1


@dataclass
class Outage:
    """The provider answers 503 until one moment, and 429 until another."""

    clock: Clock
    busy_from: Instant
    over_at: Instant
    seen: set[FaultKind] = field(default_factory=set)

    def next_for(self, route: str) -> Fault | None:
        now = self.clock()
        if now >= self.over_at or route == "subscribe":
            return None
        kind = FaultKind.UNAVAILABLE if now < self.busy_from else FaultKind.TOO_MANY_REQUESTS
        self.seen.add(kind)
        return Fault(kind, seconds=900)


@pytest.mark.parametrize("count", quick_and_slow(3, 40))
def test_letters_outlast_an_outage_and_none_goes_twice(door: FrontDoor, count: int) -> None:
    started = door.clock()
    outage = Outage(door.clock, Instant(started + 10 * 60), Instant(started + 25 * 60))
    room = LetterRoom(door, faults=outage)
    add(door, *(postal_row(number) for number in range(1, count + 1)))
    for number in range(1, count + 1):
        request_letter(door, f"A{number:07}", source=f"192.0.2.{number}")

    room.queue.deliver_for(25 * 60)
    assert room.fake.letters() == []
    assert room.queue.given_up == []
    assert outage.seen == {FaultKind.UNAVAILABLE, FaultKind.TOO_MANY_REQUESTS}

    room.queue.deliver_for(HOUR)
    letters = room.fake.letters()
    assert len(letters) == count
    assert len({letter.custom_id for letter in letters}) == count
    assert room.states() == ["submitted"] * count
    assert (room.queue.waiting, room.queue.given_up) == ([], [])


def test_a_poison_message_ends_in_the_dead_letter_queue_alone(door: FrontDoor, pingen_room: LetterRoom) -> None:
    add(door, postal_row(1), postal_row(2), postal_row(3))
    spoil(door, 2)
    door.cloud.queues.put(queue_url("LettersQueue"), "not one of ours")
    for number in (1, 2, 3):
        request_letter(door, f"A{number:07}")

    pingen_room.queue.deliver_for(3 * HOUR)
    assert pingen_room.queue.given_up == []

    pingen_room.queue.deliver_for(3 * HOUR)
    assert pingen_room.queue.waiting == []
    assert [message.receipts for message in pingen_room.queue.given_up] == [20, 20]
    assert "not one of ours" in {message.body for message in pingen_room.queue.given_up}
    assert len(pingen_room.fake.letters()) == 2


def test_a_typesetting_failure_is_reported_without_the_address(door: FrontDoor, pingen_room: LetterRoom) -> None:
    add(door, postal_row(last_name="Exemple"))
    spoil(door)
    request_letter(door)
    pingen_room.queue.deliver_for(60)
    (failure,) = door.events("message.failed")
    assert failure["error"] == "AddressCannotBePrinted"
    assert "Exemple" not in door.log.getvalue()
    assert pingen_room.fake.requests == []


def test_a_repaired_record_gets_its_letter_after_the_next_sweep(door: FrontDoor, pingen_room: LetterRoom) -> None:
    add(door, postal_row())
    spoil(door)
    request_letter(door)
    pingen_room.queue.deliver_for(DAY)
    assert len(pingen_room.queue.given_up) == 1
    add(door, postal_row())
    assert pingen_room.sweep()["queued_again"] == 1
    pingen_room.queue.deliver_for(10 * 60)
    assert len(pingen_room.fake.letters()) == 1


def test_a_letter_whose_code_was_guessed_at_is_sent_and_works(door: FrontDoor, maileva_room: LetterRoom) -> None:
    add(door, postal_row())
    request_letter(door)
    code = last_code(door.cloud, MEMBER, Channel.LETTER)
    for _ in range(20):
        assert Browser(door).post("/reset/verify", {"identifier": MEMBER, "code": wrong(code)}).code == "invalid-code"
    maileva_room.queue.deliver_for(HOUR)
    assert len(maileva_room.fake.letters()) == 1
    reset_with(Browser(door), code)


def test_a_letter_that_a_newer_one_has_replaced_is_not_sent(door: FrontDoor, maileva_room: LetterRoom) -> None:
    add(door, postal_row())
    request_letter(door)
    door.clock.advance(8 * DAY)
    request_letter(door)
    maileva_room.queue.deliver_for(HOUR)
    assert len(maileva_room.fake.letters()) == 1
    assert [event["audit"]["reason"] for event in door.events(LetterRejected.name)] == ["code-void"]


def test_a_letter_whose_code_was_voided_is_not_sent(door: FrontDoor, room: LetterRoom) -> None:
    add(door, member_row(1))
    assert Browser(door).post("/reset", {"identifier": MEMBER, "channel": "letter"}).status == 202
    reset_by_email(door)
    room.queue.deliver_for(HOUR)
    assert room.fake.letters() == []
    assert room.jobs()[0]["code"] == "code-void"
    assert [event["audit"]["reason"] for event in door.events(LetterRejected.name)] == ["code-void"]
    assert "letter_state" not in member_item(door), "nothing is wrong with the address"


def test_a_letter_to_a_member_who_is_gone_is_not_sent(door: FrontDoor, room: LetterRoom) -> None:
    add(door, postal_row())
    request_letter(door)
    members = door.cloud.tables["MembersTable"]
    door.cloud.dynamodb.delete_item(TableName=members, Key={"pk": {"S": f"MEMBER#{MEMBER}"}})
    room.queue.deliver_for(HOUR)
    assert room.fake.letters() == []
    assert room.jobs()[0]["code"] == "no-member"
    assert "Item" not in door.cloud.dynamodb.get_item(TableName=members, Key={"pk": {"S": f"MEMBER#{MEMBER}"}})


def test_a_late_letter_is_rejected_on_the_members_record_too(door: FrontDoor, maileva_room: LetterRoom) -> None:
    add(door, postal_row())
    request_letter(door)
    requested_at = door.clock()
    door.clock.advance(11 * DAY)
    maileva_room.queue.deliver()
    assert maileva_room.jobs()[0]["code"] == "too-late"
    member = member_item(door)
    assert (member["letter_state"], int(member["letter_requested_at"]), int(member["letter_state_at"])) == (
        "rejected",
        requested_at,
        door.clock(),
    )


def test_replaced_credentials_are_read_again(door: FrontDoor, room: LetterRoom) -> None:
    add(door, postal_row())
    old = {name: {**SECRET[name], "client_secret": "an older one"} for name in SECRET}
    door.cloud.secrets.content = old
    door.cloud.secrets.reads = 0
    request_letter(door)
    door.clock.advance(5)
    door.cloud.secrets.content = old

    room.queue.deliver()
    assert room.fake.letters() == []
    assert door.cloud.secrets.reads == 2, "once, and once more when they were refused"

    door.cloud.secrets.content = dict(SECRET)
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 1


def test_letters_wait_until_the_secret_is_filled(door: FrontDoor, room: LetterRoom) -> None:
    add(door, postal_row())
    door.cloud.secrets.content = {"placeholder": "generated"}
    request_letter(door)
    room.queue.deliver_for(6 * HOUR)
    assert (room.fake.requests, room.queue.given_up) == ([], [])
    door.cloud.secrets.content = dict(SECRET)
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 1


def test_the_log_says_why_a_letter_waits(door: FrontDoor, maileva_room: LetterRoom) -> None:
    add(door, postal_row())
    maileva_room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, "create_sending"))
    request_letter(door)
    maileva_room.queue.deliver_for(HOUR)
    assert [event["reason"] for event in door.events("letter.waits")] == ["http-503"]


def over_budget(capfd: pytest.CaptureFixture[str]) -> int:
    return capfd.readouterr().out.count('"letters.over-budget":[1.0]')


def test_letters_above_the_daily_quota_wait_and_an_alarm_rings(
    door: FrontDoor, capfd: pytest.CaptureFixture[str]
) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "2"})
    add(door, *(postal_row(number) for number in range(1, 6)))
    for number in range(1, 6):
        request_letter(door, f"A{number:07}")
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 2
    assert over_budget(capfd) == 3
    assert (room.queue.waiting, room.queue.given_up) == ([], []), "they wait for the sweep, not in the queue"

    door.clock.advance(16 * HOUR)
    for letters in (4, 5, 5):
        room.sweep()
        room.queue.deliver_for(DAY)
        assert len(room.fake.letters()) == letters
    assert len({letter.custom_id for letter in room.fake.letters()}) == 5


def test_the_day_of_the_budget_is_that_of_paris(door: FrontDoor) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "1"})
    add(door, postal_row(1), postal_row(2))
    request_letter(door, "A0000001")
    room.queue.deliver_for(10)
    door.clock.advance(11 * HOUR)  # after midnight in Paris, before midnight in UTC
    request_letter(door, "A0000002")
    room.queue.deliver_for(10)
    assert len(room.fake.letters()) == 2


def test_a_letter_keeps_its_place_however_often_it_is_tried(door: FrontDoor) -> None:
    room = LetterRoom(door, parameters={"LettersADay": "1"})
    add(door, postal_row(1), postal_row(2))
    room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, times=10))
    request_letter(door, "A0000001")
    room.queue.deliver_for(10 * 60)
    request_letter(door, "A0000002")
    room.queue.deliver_for(3 * DAY)
    assert [job["letter_state"] for job in room.jobs()] == ["submitted", "requested"]
    (counter,) = items(door.cloud, "LETTER_BUDGET#")
    assert (counter["pk"]["S"], counter["letters"]["N"]) == ("LETTER_BUDGET#2027-01-15", "1")


@pytest.mark.parametrize("service", ["secrets", "queues"])
def test_an_aws_service_that_fails_for_a_while_costs_no_letter(
    door: FrontDoor, maileva_room: LetterRoom, service: str
) -> None:
    add(door, postal_row())
    request_letter(door)
    if service == "secrets":
        door.cloud.secrets.fails_with = "InternalServiceError"
    else:
        maileva_room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE))
        door.cloud.queues.fails_with = "ServiceUnavailable"
    maileva_room.queue.deliver_for(10 * 60)
    assert maileva_room.fake.letters() == [] or service == "queues"
    door.cloud.secrets.fails_with = door.cloud.queues.fails_with = None
    maileva_room.queue.deliver_for(HOUR)
    assert len(maileva_room.fake.letters()) == 1
    assert (maileva_room.queue.waiting, maileva_room.queue.given_up) == ([], [])


def test_neither_name_nor_address_nor_code_is_logged_or_stored(
    door: FrontDoor, room: LetterRoom, capfd: pytest.CaptureFixture[str]
) -> None:
    add(door, SEVEN_LINES)
    request_letter(door)
    room.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR))
    room.queue.deliver_for(HOUR)
    (letter,) = room.fake.letters()
    room.fake.advance(letter.reference, "teleported")
    room.sweep()
    code = printed_code(letter.pdf)
    captured = capfd.readouterr()
    written = door.log.getvalue() + captured.out + captured.err
    stored = repr(items(door.cloud))
    queued = repr(door.cloud.queues.sent)
    secrets = {code, in_pairs(code), "Wanneroy", "Marronniers", "Exempleville", "maileva-secret"}
    assert [one for one in secrets if one in written + stored + queued] == []
    assert "letter.submitted" in captured.out
