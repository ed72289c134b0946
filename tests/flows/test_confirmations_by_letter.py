"""A code of a second step that cannot arrive by e-mail becomes a letter, which the browser that waits can use."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from member_access.recovery.codes import Channel, Purpose
from simulators.ses import SesError
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.codes import last_code, sent_codes, wrong
from tests.support.mailroom import Mailroom, bounce
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER, ADDRESS = "A1234567", "member@courriel.example"
DAY = 86_400
REFUSED = SesError("MessageRejected", message="Email address is not valid")


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions of the API, and a member with an e-mail address."""
    door = FrontDoor(cloud, {**NO_SOURCE_LIMITS, "NewBrowser": "confirm"})
    door.add_member(MEMBER, email=ADDRESS)
    return door


@pytest.fixture
def mailroom(door: FrontDoor) -> Mailroom:
    """The functions behind the e-mail queues."""
    return Mailroom(door)


def asked(door: FrontDoor) -> Browser:
    """A new browser that is asked for a code by e-mail."""
    browser = Browser(door)
    assert browser.sign_in(MEMBER).body["channel"] == "email"
    return browser


def refused(door: FrontDoor, mailroom: Mailroom) -> None:
    door.cloud.sent_emails.fault = REFUSED
    mailroom.emails.deliver_for(3)
    door.cloud.sent_emails.fault = None


def came_back(mailroom: Mailroom, sub_type: str = "General", of: str | None = None) -> None:
    mailroom.emails.deliver_for(3)
    mailroom.report(bounce(mailroom.sent[-1], sub_type=sub_type, of=of))
    mailroom.bounces.deliver()


def code(door: FrontDoor, channel: Channel) -> str:
    return last_code(door.cloud, MEMBER, channel, Purpose.CONFIRM)


def outcomes(door: FrontDoor) -> list[str]:
    return [event["audit"]["outcome"] for event in door.events("reset.letter-instead")]


@pytest.mark.parametrize("sub_type", ["General", "OnAccountSuppressionList"])
def test_a_code_that_comes_back_becomes_a_letter_for_the_browser_that_waits(
    door: FrontDoor, mailroom: Mailroom, sub_type: str
) -> None:
    browser = asked(door)
    by_email = code(door, Channel.EMAIL)
    came_back(mailroom, sub_type)

    assert outcomes(door) == ["requested"]
    assert len(door.cloud.messages("LettersQueue")) == 1
    assert browser.confirm(by_email).code == "invalid-code", "a code that no one has must not stay good"
    assert browser.confirm(code(door, Channel.LETTER)).status == 200
    assert browser.refresh().status == 200


def test_a_code_for_a_refused_address_becomes_a_letter_too(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = asked(door)
    refused(door, mailroom)

    assert (outcomes(door), mailroom.emails.waiting) == (["requested"], [])
    assert browser.confirm(code(door, Channel.LETTER)).status == 200


def test_the_letter_opens_a_browser_days_later(door: FrontDoor, mailroom: Mailroom) -> None:
    asked(door)
    came_back(mailroom)
    by_letter = code(door, Channel.LETTER)
    door.clock.advance(5 * DAY)

    later = Browser(door)
    assert later.sign_in(MEMBER).body["channel"] == "letter"
    assert len(door.cloud.messages("LettersQueue")) == 1, "it is under way"
    assert later.confirm(by_letter).status == 200


def test_the_letter_opens_a_browser_while_ses_refuses_each_code(door: FrontDoor, mailroom: Mailroom) -> None:
    asked(door)
    refused(door, mailroom)
    by_letter = code(door, Channel.LETTER)
    door.clock.advance(5 * DAY)
    later = asked(door)
    refused(door, mailroom)

    assert outcomes(door) == ["requested", "under-way"]
    assert len(items(door.cloud, "LETTER#")) == 1
    assert later.confirm(by_letter).status == 200


def test_letters_of_second_steps_keep_their_monthly_limit(door: FrontDoor, mailroom: Mailroom) -> None:
    for _ in range(3):
        asked(door)
        refused(door, mailroom)
        door.clock.advance(8 * DAY)
    asked(door)
    refused(door, mailroom)

    assert outcomes(door) == ["requested"] * 3 + ["too-soon"]


def test_a_code_whose_copy_bounced_stays_good_in_its_browser(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = asked(door)
    came_back(mailroom, of="forwarded@elsewhere.example")

    assert outcomes(door) == ["requested"]
    assert browser.confirm(code(door, Channel.EMAIL)).status == 200


def test_a_repeated_report_asks_for_no_second_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    asked(door)
    came_back(mailroom)
    mailroom.report(bounce(mailroom.sent[-1]))
    mailroom.bounces.deliver()

    assert outcomes(door) == ["requested", "void"]


def test_a_step_that_is_taken_becomes_no_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = asked(door)
    mailroom.emails.deliver_for(3)
    assert browser.confirm(code(door, Channel.EMAIL)).status == 200
    came_back(mailroom)

    assert (outcomes(door), items(door.cloud, "LETTER#")) == (["void"], [])


def test_a_try_during_the_change_to_a_letter_stays_counted(cloud: Cloud, door: FrontDoor, mailroom: Mailroom) -> None:
    browser = asked(door)
    mailroom.emails.deliver_for(3)
    typed = partial(browser.confirm, wrong(code(door, Channel.EMAIL)))
    assert [typed().body["tries_left"] for _ in range(3)] == [4, 3, 2]

    # Between the worker's read and its write.
    sent: list[Reply] = []
    enqueue = cloud.sqs.meta.events

    def in_between(**_: object) -> None:
        if not sent:
            sent.append(typed())

    enqueue.register("before-call.sqs.SendMessage", in_between)
    mailroom.report(bounce(mailroom.sent[-1]))
    mailroom.bounces.deliver()
    enqueue.unregister("before-call.sqs.SendMessage", in_between)

    assert [reply.body.get("tries_left") for reply in sent] == [1]
    assert outcomes(door) == ["requested"]
    last = browser.confirm(wrong(code(door, Channel.LETTER)))
    assert (last.code, last.body.get("tries_left")) == ("invalid-code", None)
    assert browser.confirm(code(door, Channel.LETTER)).code == "invalid-code", "its five tries are spent"


def test_the_code_of_a_step_up_becomes_a_letter_for_its_session_alone(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = asked(door)
    assert browser.confirm(code(door, Channel.EMAIL)).status == 200
    door.clock.advance(60)
    assert browser.step_up().status == 202
    came_back(mailroom)
    by_letter = sent_codes(door.cloud, MEMBER, Channel.LETTER, Purpose.CONFIRM)[0]

    assert browser.confirm(by_letter).code == "invalid-code", "it would open a session"
    assert browser.step_up(by_letter).status == 200
