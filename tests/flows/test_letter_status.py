"""The providers' notifications: their authentication, their effects and their repetition."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING, Any

import pytest

from letters.model.job import ProviderName
from letters.providers.http_client import HttpRequest
from simulators.print_providers.faults import Fault, FaultKind
from simulators.sign_in_driver import Browser, FrontDoor, api_event
from tests.support.letter_room import LOGIN, PASSWORD, SECRET, SIGNING_KEY, LetterRoom
from tests.support.members import import_members, member_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud

MEMBER = "A0000001"
HOUR, DAY = 3600, 86_400
STATUSES = {
    ProviderName.MAILEVA: {"posted": "PROCESSED", "undelivered": "N10", "rejected": "REJECTED"},
    ProviderName.PINGEN: {"posted": "sent", "undelivered": "undeliverable", "rejected": "unprintable"},
}


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """The functions of the API, and a member without an e-mail address."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        assert not import_members(cloud, member_row(1, email="")).refusals()
        yield door


@pytest.fixture(params=list(ProviderName))
def provider(request: pytest.FixtureRequest) -> ProviderName:
    return ProviderName(request.param)


@pytest.fixture
def room(door: FrontDoor, provider: ProviderName) -> LetterRoom:
    """The functions of the letters, and a letter at the provider."""
    room = LetterRoom(door, provider)
    submit(door, room)
    return room


@pytest.fixture
def maileva_room(door: FrontDoor) -> LetterRoom:
    """The same, at Maileva."""
    room = LetterRoom(door)
    submit(door, room)
    return room


def submit(door: FrontDoor, room: LetterRoom) -> None:
    assert Browser(door).post("/reset", {"identifier": MEMBER}).status == 202
    room.queue.deliver_for(10 * 60)
    assert room.states() == ["submitted"]


def advance(room: LetterRoom, provider: ProviderName, what: str, webhook: str = "send") -> None:
    (letter,) = room.fake.letters()
    room.fake.advance(letter.reference, STATUSES[provider][what], webhook=webhook)


def replies(room: LetterRoom) -> list[int | None]:
    return [notification.status for notification in room.fake.notifications]


def taken(provider: ProviderName) -> int:
    """Maileva accepts only 201."""
    return 201 if provider is ProviderName.MAILEVA else 200


def member_item(door: FrontDoor) -> dict[str, str]:
    item = door.cloud.dynamodb.get_item(
        TableName=door.cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{MEMBER}"}}
    )["Item"]
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


def audited(door: FrontDoor) -> list[str]:
    return [event["message"] for event in door.events() if "audit" in event and event["message"].startswith("letter.")]


@pytest.mark.parametrize("what", ["posted", "rejected"])
def test_a_notification_moves_the_letter_and_is_audited(
    door: FrontDoor, room: LetterRoom, provider: ProviderName, what: str
) -> None:
    door.clock.advance(DAY)
    advance(room, provider, what)
    assert replies(room) == [taken(provider)]
    assert room.states() == [what]
    assert audited(door) == ["letter.submitted", f"letter.{what}"]
    assert (member_item(door)["letter_state"], int(member_item(door)["letter_state_at"])) == (what, door.clock())


def test_a_letter_that_comes_back_is_noted_on_the_member_s_record(
    door: FrontDoor, room: LetterRoom, provider: ProviderName
) -> None:
    advance(room, provider, "posted")
    door.clock.advance(9 * DAY)
    advance(room, provider, "undelivered")
    assert room.states() == ["undelivered"]
    assert audited(door) == ["letter.submitted", "letter.posted", "letter.undelivered"]
    assert member_item(door)["letter_state"] == "undelivered"


def test_an_older_letter_does_not_hide_the_outcome_of_a_newer_one(
    door: FrontDoor, room: LetterRoom, provider: ProviderName
) -> None:
    advance(room, provider, "posted")
    older = room.fake.letters()[0].reference
    door.clock.advance(8 * DAY)
    assert Browser(door).post("/reset", {"identifier": MEMBER}).status == 202
    room.queue.deliver_for(10 * 60)
    newer = room.fake.letters()[1].reference
    room.fake.advance(newer, STATUSES[provider]["posted"])
    room.fake.advance(older, STATUSES[provider]["undelivered"])
    assert room.states() == ["undelivered", "posted"]
    assert member_item(door)["letter_state"] == "posted"


def test_a_badly_signed_notification_is_refused_and_changes_nothing(room: LetterRoom, provider: ProviderName) -> None:
    asked = len(room.fake.requests)
    advance(room, provider, "posted", webhook="badly-signed")
    assert replies(room) == [401]
    assert room.states() == ["submitted"]
    assert len(room.fake.requests) == asked, "the caller is authenticated before the provider is asked"


def test_a_refusal_is_a_problem(door: FrontDoor, maileva_room: LetterRoom) -> None:
    reply = maileva_room.notify(notification("maileva", {}))
    assert reply.status == 401
    assert json.loads(reply.body)["code"] == "not-authentic"


@pytest.mark.parametrize(
    ("provider", "authenticate"),
    [("maileva", 'Basic realm="letters", charset="UTF-8"'), ("pingen", 'Signature realm="letters"')],
)
def test_a_refusal_names_the_scheme_of_the_provider(door: FrontDoor, provider: str, authenticate: str) -> None:
    event = api_event("POST", f"/letters/status/{provider}", "{}", {"Content-Type": "application/json"}, "203.0.113.9")
    answer = LetterRoom(door, ProviderName(provider)).call(event)
    assert (answer["statusCode"], answer["multiValueHeaders"]["WWW-Authenticate"]) == (401, [authenticate])


def notification(provider: str, headers: dict[str, str], body: bytes = b"{}") -> HttpRequest:
    sent = {"Content-Type": "application/json", **headers}
    return HttpRequest("POST", f"https://members.example/v1/letters/status/{provider}", sent, body)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic bm9ib2R5Om5vdGhpbmc="},
        {"Authorization": f"Bearer {PASSWORD.encode().hex()}"},
        {"Authorization": "Basic"},
        {"Authorization": "Basic ???"},
        {"authorization": ""},
    ],
)
def test_a_stranger_s_credentials_are_refused(maileva_room: LetterRoom, headers: dict[str, str]) -> None:
    assert maileva_room.notify(notification("maileva", headers)).status == 401


def test_header_names_are_read_in_any_case(maileva_room: LetterRoom) -> None:
    credentials = b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
    assert maileva_room.notify(notification("maileva", {"AUTHORIZATION": f"basic {credentials}"})).status == 201


def test_a_notification_that_is_replayed_is_taken_and_changes_nothing_more(
    door: FrontDoor, room: LetterRoom, provider: ProviderName
) -> None:
    advance(room, provider, "posted", webhook="twice")
    door.clock.advance(DAY)
    room.notify(room.fake.notifications[0].request)
    assert replies(room) == [taken(provider)] * 2
    assert (room.states(), audited(door)) == (["posted"], ["letter.submitted", "letter.posted"])


def test_notifications_out_of_order_never_move_a_letter_back(room: LetterRoom, provider: ProviderName) -> None:
    advance(room, provider, "posted", webhook="hold")
    advance(room, provider, "undelivered", webhook="hold")
    room.fake.send_notifications(newest_first=True)
    assert replies(room) == [taken(provider)] * 2
    assert room.states() == ["undelivered"]


def test_a_signature_is_over_the_bytes_that_came(door: FrontDoor) -> None:
    room = LetterRoom(door, ProviderName.PINGEN)
    raw = '{"data": {"type": "webhook_sent",\n "note": "œuvre"}}'.encode()
    signature = digest(SIGNING_KEY.encode(), raw, sha256).hex()
    assert room.notify(notification("pingen", {"Signature": signature}, raw)).status == 200
    assert room.notify(notification("pingen", {"Signature": signature}, raw + b" ")).status == 401


def test_a_body_in_base64_is_read_as_the_bytes_that_it_stands_for(door: FrontDoor) -> None:
    room = LetterRoom(door, ProviderName.PINGEN)
    raw = b"{}"
    signature = digest(SIGNING_KEY.encode(), raw, sha256).hex()
    event: dict[str, Any] = api_event("POST", "/letters/status/pingen", "", {"Signature": signature}, "203.0.113.9")
    event |= {"body": b64encode(raw).decode(), "isBase64Encoded": True}
    assert room.call(event)["statusCode"] == 200
    assert room.call(event | {"isBase64Encoded": False})["statusCode"] == 401


def test_an_unknown_status_is_kept_and_reported_and_moves_nothing(
    door: FrontDoor, maileva_room: LetterRoom, capfd: pytest.CaptureFixture[str]
) -> None:
    advance(maileva_room, ProviderName.MAILEVA, "posted", webhook="hold")
    (letter,) = maileva_room.fake.letters()
    maileva_room.fake.advance(letter.reference, "TELEPORTED")
    maileva_room.fake.send_notifications()
    assert replies(maileva_room) == [201]
    (job,) = maileva_room.jobs()
    assert (job["letter_state"], job["unknown_status"]) == ("submitted", "TELEPORTED")
    assert [event["word"] for event in door.events("letter.note")] == ["TELEPORTED"]
    assert '"letters.unknown-status":[1.0]' in capfd.readouterr().out


def test_a_notification_before_the_submission_is_recorded_is_kept(door: FrontDoor, provider: ProviderName) -> None:
    room = LetterRoom(door, provider)
    route = "submit_sending" if provider is ProviderName.MAILEVA else "send_letter"
    room.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, route))
    assert Browser(door).post("/reset", {"identifier": MEMBER}).status == 202
    while not room.fake.letters():
        room.queue.deliver()
        door.clock.advance(1)
    assert room.states() == ["drafted"]
    advance(room, provider, "posted")
    assert replies(room) == [taken(provider)]
    assert room.states() == ["posted"]
    room.queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 1


def test_a_notification_about_a_letter_that_is_not_known_yet_is_sent_again(
    door: FrontDoor, maileva_room: LetterRoom
) -> None:
    (job,) = maileva_room.jobs()
    table, key = door.cloud.tables["AccessTable"], {"pk": {"S": job["pk"]}}
    item = door.cloud.dynamodb.get_item(TableName=table, Key=key)["Item"]
    door.cloud.dynamodb.delete_item(TableName=table, Key=key)
    advance(maileva_room, ProviderName.MAILEVA, "posted")
    assert replies(maileva_room) == [503]
    door.cloud.dynamodb.put_item(TableName=table, Item=item)
    maileva_room.fake.send_notifications()
    assert replies(maileva_room) == [201]
    assert maileva_room.states() == ["posted"]


def test_an_outage_of_provider_or_aws_asks_for_the_notification_again(
    door: FrontDoor, room: LetterRoom, provider: ProviderName
) -> None:
    room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE))
    advance(room, provider, "posted")
    assert replies(room) == [503]
    room.restart()
    door.cloud.secrets.fails_with = "InternalServiceError"
    room.fake.send_notifications()
    assert replies(room) == [503]
    door.cloud.secrets.fails_with = None
    room.fake.send_notifications()
    assert replies(room) == [taken(provider)]
    assert room.states() == ["posted"]


def test_letters_of_other_systems_on_the_account_are_ignored(door: FrontDoor, maileva_room: LetterRoom) -> None:
    (letter,) = maileva_room.fake.letters()
    maileva_room.fake.sendings[letter.reference].settings["custom_data"] = "another-stack"  # type: ignore[attr-defined]
    advance(maileva_room, ProviderName.MAILEVA, "posted")
    assert replies(maileva_room) == [201]
    assert (maileva_room.states(), audited(door)) == (["submitted"], ["letter.submitted"])


def test_the_provider_before_may_still_report_on_its_letters(door: FrontDoor, maileva_room: LetterRoom) -> None:
    maileva_room.reconfigure({"LetterProvider": "pingen"})
    advance(maileva_room, ProviderName.MAILEVA, "posted")
    assert (replies(maileva_room), maileva_room.states()) == ([201], ["posted"])


def test_a_provider_that_the_secret_does_not_know_has_no_address_here(door: FrontDoor) -> None:
    room = LetterRoom(door)
    door.cloud.secrets.content = {"maileva": SECRET["maileva"]}
    assert room.notify(notification("pingen", {"Signature": "0" * 64})).status == 404


def test_another_method_is_refused_like_everywhere(maileva_room: LetterRoom) -> None:
    answer = maileva_room.call(api_event("GET", "/letters/status/maileva", None, {}, "203.0.113.9"))
    assert (answer["statusCode"], answer["multiValueHeaders"]["Allow"]) == (405, ["POST"])


def test_a_notification_of_unheard_of_length_is_refused(maileva_room: LetterRoom) -> None:
    assert maileva_room.notify(notification("maileva", {}, b"x" * 70_000)).status == 413


def test_a_new_secret_is_noticed_without_reading_it_at_every_call(door: FrontDoor, maileva_room: LetterRoom) -> None:
    door.cloud.secrets.reads = 0
    maileva_room.restart()
    for _ in range(10):
        assert maileva_room.notify(notification("maileva", {})).status == 401
    assert door.cloud.secrets.reads == 1
    renewed = {**SECRET["maileva"], "webhook_password": "renewed"}
    door.cloud.secrets.content = {**SECRET, "maileva": renewed}
    door.clock.advance(300)
    credentials = b64encode(f"{LOGIN}:renewed".encode()).decode()
    assert maileva_room.notify(notification("maileva", {"Authorization": f"Basic {credentials}"})).status == 201
    assert door.cloud.secrets.reads == 2


def test_neither_credentials_nor_signatures_are_logged(
    door: FrontDoor, room: LetterRoom, provider: ProviderName, capfd: pytest.CaptureFixture[str]
) -> None:
    advance(room, provider, "posted", webhook="badly-signed")
    advance(room, provider, "undelivered", webhook="twice")
    sent = {
        text
        for one in room.fake.notifications
        for name, text in one.request.headers.items()
        if name in {"Authorization", "Signature"}
    }
    captured = capfd.readouterr()
    written = door.log.getvalue() + captured.out + captured.err
    assert sent
    assert [text for text in {*sent, PASSWORD, SIGNING_KEY} if text in written] == []
