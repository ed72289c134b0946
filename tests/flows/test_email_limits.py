"""Codes before other e-mails, the budget of a day, and the reminders of a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.outbox.email_item import EmailKind
from simulators.ses import SesError
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.mailroom import Mailroom
from tests.support.parts import quick_and_slow
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from tests.support.event_source import EventSource

MEMBER, OTHER = "A1234567", "B7654321"
HOUR, DAY = 3600, 86_400
NOTICE, REMINDER, CODE = EmailKind.PIN_CHANGED, EmailKind.IDENTIFIER_REMINDER, EmailKind.RESET_CODE
THROTTLED = SesError("TooManyRequestsException", 429)


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions of the API, and two members with an e-mail address."""
    door = FrontDoor(cloud)
    for identifier in (MEMBER, OTHER):
        door.add_member(identifier, email="member@courriel.example")
    return door


def limited(door: FrontDoor, emails: int = 1000, reminders: int = 1000) -> Mailroom:
    return Mailroom(door, {"EMAIL_BUDGET_A_DAY": str(emails), "REMINDERS_A_DAY": str(reminders)})


def request_code(door: FrontDoor) -> None:
    assert Browser(door).post("/reset", {"identifier": MEMBER}).body["channel"] == "email"


def kinds(mailroom: Mailroom) -> list[str]:
    return [email["EmailTags"][0]["Value"] for email in mailroom.sent]


def used(door: FrontDoor) -> list[int]:
    return [int(item["emails"]["N"]) for item in items(door.cloud, "EMAIL_BUDGET#")]


def counted(name: str, capfd: pytest.CaptureFixture[str]) -> int:
    return capfd.readouterr().out.count(f'"{name}":[1.0]')


@pytest.mark.parametrize("reminders", quick_and_slow(50, 400))
def test_a_code_goes_out_while_reminders_wait(door: FrontDoor, reminders: int) -> None:
    mailroom = limited(door, emails=10_000)
    for _ in range(reminders):
        mailroom.decide(OTHER, REMINDER)
    request_code(door)
    door.cloud.clock.advance(3)
    mailroom.codes.deliver()
    assert kinds(mailroom) == ["reset-code"]
    assert (mailroom.codes.waiting, len(mailroom.notices.waiting)) == ([], reminders)


@pytest.mark.parametrize("queue", ["CodeEmailsQueue", "EmailsQueue"])
def test_a_failed_message_waits_in_its_own_queue(door: FrontDoor, queue: str) -> None:
    mailroom = limited(door)
    mailroom.put(queue, "not one of ours")
    source: EventSource = mailroom.codes if queue == "CodeEmailsQueue" else mailroom.notices
    source.deliver()
    (message,) = source.waiting
    assert message.visible_at == door.cloud.clock() + 5


def test_a_member_gets_three_reminders_a_day(door: FrontDoor) -> None:
    mailroom = Mailroom(door)
    for _ in range(5):
        mailroom.decide(MEMBER, REMINDER)
    mailroom.decide(OTHER, REMINDER)
    mailroom.emails.deliver_for(60)
    assert kinds(mailroom) == ["identifier-reminder"] * 4
    assert [event["audit"]["reason"] for event in door.events("email.dropped")] == ["too-many"] * 2
    assert mailroom.emails.waiting == []
    door.cloud.clock.advance(DAY)
    mailroom.decide(MEMBER, REMINDER)
    mailroom.emails.deliver_for(60)
    assert len(mailroom.sent) == 5


def test_a_reminder_delivered_again_is_claimed_once(door: FrontDoor) -> None:
    mailroom = limited(door, reminders=2)
    door.cloud.sent_emails.fault = THROTTLED
    for _ in range(2):
        mailroom.decide(MEMBER, REMINDER)
    mailroom.emails.deliver_for(HOUR)
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(HOUR)
    assert len(mailroom.sent) == 2
    assert door.events("email.dropped") == []


def test_other_emails_leave_a_fifth_of_the_budget_to_codes(door: FrontDoor, capfd: pytest.CaptureFixture[str]) -> None:
    mailroom = limited(door, emails=10)
    for _ in range(12):
        mailroom.decide(OTHER, NOTICE)
    mailroom.emails.deliver()
    assert (len(mailroom.sent), used(door)) == (8, [8])
    assert counted("email.over-budget", capfd) == 4
    request_code(door)
    mailroom.emails.deliver_for(3)
    assert kinds(mailroom)[8:] == ["reset-code"]


def test_emails_over_the_budget_go_on_the_next_days_and_none_is_lost(door: FrontDoor) -> None:
    mailroom = limited(door, emails=2)
    for _ in range(7):
        mailroom.decide(MEMBER, NOTICE)
    for days in range(6):
        assert len(mailroom.sent) == days, "one a day: 80 percent of two"
        mailroom.emails.deliver_for(DAY - door.cloud.clock() % DAY - 1)
        assert len(mailroom.sent) == days + 1
        door.cloud.clock.advance(1)
    mailroom.emails.deliver_for(60)
    assert (len(mailroom.sent), used(door)) == (7, [1] * 7)
    assert (mailroom.emails.waiting, mailroom.emails.given_up) == ([], [])


def test_a_code_that_waits_for_the_budget_expires(door: FrontDoor) -> None:
    mailroom = limited(door, emails=2)
    for _ in range(3):
        request_code(door)
        mailroom.emails.deliver_for(61)
    mailroom.emails.deliver_for(6 * HOUR)
    assert len(mailroom.sent) == 2
    assert [event["audit"]["reason"] for event in door.events("email.code-expired")] == ["expired"]
    assert mailroom.emails.waiting == []


def test_a_message_delivered_again_is_counted_once(door: FrontDoor) -> None:
    mailroom = limited(door)
    request_id = mailroom.decide(MEMBER, NOTICE)
    door.cloud.sent_emails.fault = THROTTLED
    mailroom.emails.deliver_for(HOUR)
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(HOUR)
    mailroom.enqueue(request_id)
    mailroom.emails.deliver_for(60)
    assert (len(mailroom.sent), used(door)) == (1, [1])


def test_a_counted_email_still_goes_when_the_budget_is_used_up(door: FrontDoor) -> None:
    mailroom = limited(door, emails=2)
    mailroom.decide(MEMBER, NOTICE)
    door.cloud.sent_emails.fault = THROTTLED
    mailroom.emails.deliver()
    mailroom.decide(OTHER, NOTICE)
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(60)
    assert (len(mailroom.sent), used(door)) == (1, [1])


def test_a_dropped_email_uses_no_budget(door: FrontDoor) -> None:
    mailroom = limited(door)
    mailroom.decide("C0000001", NOTICE)
    mailroom.emails.deliver()
    assert ([event["audit"]["reason"] for event in door.events("email.dropped")], used(door)) == (["no-member"], [])


def test_half_of_the_budget_rings_once(door: FrontDoor, capfd: pytest.CaptureFixture[str]) -> None:
    mailroom = limited(door, emails=10)
    for count in (4, 1, 3):
        for _ in range(count):
            mailroom.decide(OTHER, NOTICE)
        mailroom.emails.deliver()
        assert counted("email.half-budget", capfd) == (1 if count == 1 else 0)
