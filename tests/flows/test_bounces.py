"""What SES reports of e-mails: addresses that are written to no more, and codes that become letters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from member_access.recovery.codes import Channel
from member_access.values.types import Identifier
from ops.clear_email_state import clear_email_state
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor
from tests.support.codes import last_code, wrong
from tests.support.mailroom import Mailroom, bounce, complaint, delay, rejection
from tests.support.members import NEW_PIN
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud

MEMBER = "A1234567"
ADDRESS = "Member@courriel.example"
DAY = 86_400


class Killed(BaseException):
    """The function's process ends in the midst of its work."""


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions of the API, and a member with an e-mail address."""
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(MEMBER, email=ADDRESS)
    return door


@pytest.fixture
def mailroom(door: FrontDoor) -> Mailroom:
    """The functions behind the e-mail queues."""
    return Mailroom(door)


def send_code(browser: FrontDoor | Browser, mailroom: Mailroom) -> dict[str, Any]:
    """A reset by e-mail, from a new browser or from this one, that SES has taken."""
    asking = browser if isinstance(browser, Browser) else Browser(browser)
    reply = asking.post("/reset", {"identifier": MEMBER})
    assert reply.body["channel"] == "email"
    mailroom.emails.deliver_for(3)
    return mailroom.sent[-1]


def code(door: FrontDoor, channel: Channel) -> str:
    """The last code of a channel, as the workers derive it."""
    return last_code(door.cloud, MEMBER, channel)


def verify(browser: Browser, typed: str) -> int:
    return browser.post("/reset/verify", {"identifier": MEMBER, "code": typed}).status


def member(door: FrontDoor) -> dict[str, Any]:
    table = door.cloud.tables["MembersTable"]
    item: dict[str, Any] = door.cloud.dynamodb.get_item(TableName=table, Key={"pk": {"S": f"MEMBER#{MEMBER}"}})["Item"]
    return item


def put_member(door: FrontDoor, item: dict[str, Any]) -> None:
    door.cloud.dynamodb.put_item(TableName=door.cloud.tables["MembersTable"], Item=item)


def state(door: FrontDoor) -> str | None:
    found: str | None = member(door).get("email_state", {}).get("S")
    return found


def letters(door: FrontDoor) -> list[str]:
    """The requests of letters that were decided on; each has its message."""
    decided = [item["pk"]["S"].removeprefix("LETTER#") for item in items(door.cloud, "LETTER#")]
    announced = {json.loads(body)["request_id"] for body in door.cloud.messages("LettersQueue")}
    assert announced >= set(decided)
    return decided


def outcomes(door: FrontDoor) -> list[str]:
    return [event["audit"]["outcome"] for event in door.events("reset.letter-instead")]


def test_a_code_that_comes_back_becomes_a_letter_whose_code_works(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    email = send_code(browser, mailroom)
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert len(letters(door)) == 1
    assert state(door) == "bounced"
    assert verify(browser, code(door, Channel.EMAIL)) == 401, "a code that no one has must not stay good"
    assert verify(browser, code(door, Channel.LETTER)) == 200
    assert mailroom.bounces.waiting == []


def test_later_resets_go_by_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.report(bounce(send_code(door, mailroom)))
    mailroom.bounces.deliver()
    door.cloud.clock.advance(9 * DAY)
    assert Browser(door).post("/reset", {"identifier": MEMBER}).body["channel"] == "letter"
    assert len(letters(door)) == 2


@pytest.mark.parametrize("sub_type", ["General", "NoEmail", "Suppressed", "OnAccountSuppressionList"])
def test_every_permanent_bounce_marks_the_address(door: FrontDoor, mailroom: Mailroom, sub_type: str) -> None:
    mailroom.report(bounce(send_code(door, mailroom), sub_type=sub_type))
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door))) == ("bounced", 1)


def test_the_older_notifications_are_understood_too(door: FrontDoor, mailroom: Mailroom) -> None:
    report = bounce(send_code(door, mailroom))
    report["notificationType"] = report.pop("eventType")
    mailroom.report(report)
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door))) == ("bounced", 1)


def test_a_member_reads_in_the_account_whether_emails_arrive(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    headers = {"Authorization": f"Bearer {browser.sign_in(MEMBER).body['access_token']}"}

    def read() -> str:
        answer: str = browser.send("GET", "/account", headers=headers).body["email"]
        return answer

    assert read() == "works"
    mailroom.report(bounce(send_code(browser, mailroom)))
    mailroom.bounces.deliver()
    assert read() == "bounced"
    clear_email_state(door.cloud.dynamodb, door.cloud.tables["MembersTable"], Identifier(MEMBER))
    assert read() == "works"


@pytest.mark.parametrize("kind", ["abuse", "other", None])
def test_a_complaint_marks_the_address_and_asks_for_no_letter(
    door: FrontDoor, mailroom: Mailroom, kind: str | None
) -> None:
    browser = Browser(door)
    mailroom.report(complaint(send_code(browser, mailroom), kind))
    mailroom.bounces.deliver()
    assert (state(door), letters(door)) == ("complained", [])
    assert verify(browser, code(door, Channel.EMAIL)) == 200, "the e-mail did arrive"


@pytest.mark.parametrize(("days", "channel"), [(89, "letter"), (90, "email")])
def test_a_complaint_ends_email_for_ninety_days(door: FrontDoor, mailroom: Mailroom, days: int, channel: str) -> None:
    mailroom.report(complaint(send_code(door, mailroom)))
    mailroom.bounces.deliver()
    door.cloud.clock.advance(days * DAY)
    assert Browser(door).post("/reset", {"identifier": MEMBER}).body["channel"] == channel
    mailroom.emails.deliver_for(3)
    assert len(mailroom.sent) == (2 if channel == "email" else 1)


def test_a_second_complaint_after_ninety_days_counts_again(door: FrontDoor, mailroom: Mailroom) -> None:
    for marked in (1, 2):
        mailroom.report(complaint(send_code(door, mailroom)))
        mailroom.bounces.deliver()
        assert [event["audit"]["marked"] for event in door.events("email.complained")] == [True] * marked
        door.cloud.clock.advance(90 * DAY)


@pytest.mark.parametrize(("report", "name"), [(bounce, "email.bounced"), (complaint, "email.complained")])
def test_bounces_and_complaints_are_counted_apart(
    door: FrontDoor,
    mailroom: Mailroom,
    capfd: pytest.CaptureFixture[str],
    report: Callable[[dict[str, Any]], dict[str, Any]],
    name: str,
) -> None:
    mailroom.report(report(send_code(door, mailroom)))
    mailroom.bounces.deliver()
    out = capfd.readouterr().out
    assert [one for one in ("email.bounced", "email.complained") if f'"{one}":[1.0]' in out] == [name]


def test_a_code_that_bounces_after_a_notice_still_becomes_a_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    send_code(door, mailroom)
    notice, code_email = mailroom.sent
    mailroom.report(bounce(notice))
    mailroom.report(bounce(code_email))
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door))) == ("bounced", 1)


def test_a_notice_that_comes_back_marks_the_address_and_asks_for_no_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    mailroom.emails.deliver()
    mailroom.report(bounce(mailroom.sent[-1]))
    mailroom.bounces.deliver()
    assert (state(door), letters(door)) == ("bounced", [])


def on_holiday(email: dict[str, Any]) -> dict[str, Any]:
    """What SES reports of an owner's automatic reply: it has no status, and the e-mail has arrived."""
    report = bounce(email, "Transient", "General")
    report["bounce"]["bouncedRecipients"] = [{"emailAddress": email["Destination"]["ToAddresses"][0]}]
    return report


def unneeded(email: dict[str, Any]) -> dict[str, dict[str, Any] | str]:
    untagged = bounce(email)
    del untagged["mail"]["tags"]
    return {
        "no report": "Successfully validated SNS topic for Amazon SES event publishing.",
        "Bounce Transient MailboxFull": bounce(email, "Transient", "MailboxFull", status="4.2.2"),
        "Bounce Transient General": on_holiday(email),
        "DeliveryDelay": delay(email),
        "Complaint": complaint(email, "not-spam"),
        "Delivery": {"eventType": "Delivery", "delivery": {}, "mail": bounce(email)["mail"]},
        "Novelty": {"eventType": "Novelty"},
        "Bounce without the name of an e-mail": untagged,
    }


FORWARDED = "another@mailbox.example"
# Reports on e-mails that did not arrive, while nothing lasting is known of the address (all: test_feedback.py).
LOST: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another address": lambda email: bounce(email, of=FORWARDED),
    "5.3.0": lambda email: bounce(email, "Transient", status="5.3.0", diagnostic_code="smtp; 550 denied"),
    "undetermined": lambda email: bounce(email, "Undetermined", "Undetermined", status="", diagnostic_code=""),
    "reject": rejection,
}


@pytest.mark.parametrize("why", LOST)
def test_a_code_that_did_not_arrive_becomes_a_letter(door: FrontDoor, mailroom: Mailroom, why: str) -> None:
    for _ in range(2):
        mailroom.report(LOST[why](send_code(door, mailroom) if not mailroom.sent else mailroom.sent[-1]))
        mailroom.bounces.deliver()
    assert (state(door), len(letters(door))) == (None, 1), "the address itself has not bounced for good"
    assert verify(Browser(door), code(door, Channel.LETTER)) == 200
    events = door.events("email.bounced") + door.events("email.undelivered")
    assert [event["audit"]["marked"] for event in events] == [False, False]


@pytest.mark.parametrize("why", ["another address", "undetermined"])
def test_a_code_whose_copy_bounced_stays_good_beside_the_letter(door: FrontDoor, mailroom: Mailroom, why: str) -> None:
    browser = Browser(door)
    mailroom.report(LOST[why](send_code(browser, mailroom)))
    mailroom.bounces.deliver()
    assert verify(browser, code(door, Channel.EMAIL)) == 200


@pytest.mark.parametrize("why", ["5.3.0", "reject"])
def test_a_code_that_no_one_has_is_void_once_the_letter_is_decided(
    door: FrontDoor, mailroom: Mailroom, why: str
) -> None:
    browser = Browser(door)
    mailroom.report(LOST[why](send_code(browser, mailroom)))
    mailroom.bounces.deliver()
    assert verify(browser, code(door, Channel.EMAIL)) == 401


def test_a_notice_that_did_not_arrive_asks_for_no_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    mailroom.emails.deliver()
    for lost in LOST.values():
        mailroom.report(lost(mailroom.sent[-1]))
    mailroom.bounces.deliver()
    assert (state(door), letters(door)) == (None, [])


def test_a_complaint_of_another_mailbox_marks_nothing(door: FrontDoor, mailroom: Mailroom) -> None:
    report = complaint(send_code(door, mailroom))
    report["complaint"]["complainedRecipients"] = [{"emailAddress": FORWARDED}]
    mailroom.report(report)
    mailroom.bounces.deliver()
    assert (state(door), letters(door)) == (None, [])


def test_a_report_that_names_no_receiver_of_the_email_is_its_members(door: FrontDoor, mailroom: Mailroom) -> None:
    report = bounce(send_code(door, mailroom), of=FORWARDED)
    del report["mail"]["destination"]
    mailroom.report(report)
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door))) == (None, 1)


def test_an_address_on_the_list_of_ses_is_used_again_once_cleared(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.report(bounce(send_code(door, mailroom), sub_type="OnAccountSuppressionList"))
    mailroom.bounces.deliver()
    assert Browser(door).post("/reset", {"identifier": MEMBER}).body["channel"] == "letter"
    members = door.cloud.tables["MembersTable"]
    assert clear_email_state(door.cloud.dynamodb, members, Identifier(MEMBER)) is not None
    door.cloud.clock.advance(60)
    assert Browser(door).post("/reset", {"identifier": MEMBER}).body["channel"] == "email"


def test_a_report_without_consequence_is_logged_and_dropped(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    reports = unneeded(email)
    for report in reports.values():
        mailroom.report(report)
    mailroom.bounces.deliver()
    assert (state(door), letters(door), mailroom.bounces.waiting) == (None, [], [])
    assert [event["event"] for event in door.events("email.report-unneeded")] == list(reports)

    for report in [*reports.values(), bounce(email)]:
        mailroom.report(report)
    mailroom.bounces.deliver()
    assert (state(door), mailroom.bounces.waiting) == ("bounced", [])


def test_a_bounce_without_a_sub_type_still_counts(door: FrontDoor, mailroom: Mailroom) -> None:
    report = bounce(send_code(door, mailroom))
    report["bounce"]["bounceSubType"] = None
    mailroom.report(report)
    mailroom.bounces.deliver()
    assert state(door) == "bounced"


def test_a_report_of_an_unknown_form_ends_in_the_dead_letter_queue_alone(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    enveloped = {"Type": "Notification", "Message": json.dumps(bounce(email))}
    mailroom.report(enveloped)
    mailroom.report({"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}})
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert state(door) == "bounced"
    mailroom.bounces.deliver_for(2 * DAY)
    assert (len(mailroom.bounces.given_up), mailroom.bounces.waiting) == (2, [])
    assert ADDRESS not in door.log.getvalue()


def test_a_report_that_is_repeated_changes_nothing(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    for report in (bounce(email), bounce(email), complaint(email)):
        mailroom.report(report)
        mailroom.bounces.deliver()
    assert (state(door), len(letters(door)), len(door.cloud.messages("LettersQueue"))) == ("bounced", 1, 1)


def test_a_crash_between_letter_and_mark_asks_for_no_second_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    before = member(door)
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    put_member(door, before)

    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door))) == ("bounced", 1)
    assert outcomes(door) == ["requested", "void"]


def test_a_crash_before_the_letter_is_decided_on_asks_for_one_later(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.report(bounce(send_code(door, mailroom)))

    def die() -> None:
        raise Killed

    door.cloud.queues.when_sent = die
    with pytest.raises(Killed):
        mailroom.bounces.deliver()
    assert (letters(door), len(door.cloud.messages("LettersQueue"))) == ([], 1)

    door.cloud.queues.when_sent = lambda: None
    mailroom.bounces.deliver_for(180)
    assert (state(door), len(letters(door))) == ("bounced", 1)


def test_of_two_deliveries_at_once_one_asks_for_the_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    for _ in range(2):
        mailroom.report(bounce(email))
    mailroom.bounces.waiting[1].visible_at += 1

    def deliver_the_other() -> None:
        door.cloud.queues.when_sent = lambda: None
        mailroom.bounces.deliver_for(1)

    door.cloud.queues.when_sent = deliver_the_other
    mailroom.bounces.deliver()
    assert len(letters(door)) == 1
    assert len(door.cloud.messages("LettersQueue")) == 2, "the loser's message is of no effect"
    assert outcomes(door) == ["requested", "void"]
    assert mailroom.bounces.waiting == []


def test_a_letter_that_is_under_way_already_is_the_only_one(door: FrontDoor, mailroom: Mailroom) -> None:
    Browser(door).post("/reset", {"identifier": MEMBER, "channel": "letter"})
    door.cloud.clock.advance(DAY)
    mailroom.report(bounce(send_code(door, mailroom)))
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door)), outcomes(door)) == ("bounced", 1, ["under-way"])
    assert verify(Browser(door), code(door, Channel.LETTER)) == 200


def test_letters_keep_their_monthly_limit(door: FrontDoor, mailroom: Mailroom) -> None:
    for _ in range(3):
        Browser(door).post("/reset", {"identifier": MEMBER, "channel": "letter"})
        door.cloud.clock.advance(8 * DAY)
    mailroom.report(bounce(send_code(door, mailroom)))
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door)), outcomes(door)) == ("bounced", 3, ["too-soon"])


def test_of_two_bounced_codes_one_becomes_a_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    older = send_code(door, mailroom)
    door.cloud.clock.advance(60)
    newer = send_code(door, mailroom)
    mailroom.report(bounce(older))
    mailroom.report(bounce(newer))
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door)), outcomes(door)) == ("bounced", 1, ["requested", "under-way"])


def test_a_code_that_was_used_becomes_no_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    email = send_code(browser, mailroom)
    assert verify(browser, code(door, Channel.EMAIL)) == 200
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert (letters(door), outcomes(door)) == ([], ["void"])


def test_a_code_that_a_new_pin_has_voided_becomes_no_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    pins = {"pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert Browser(door).post("/pin", {"identifier": MEMBER, **pins}).status == 204
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert (letters(door), outcomes(door)) == ([], ["void"])


def test_a_code_that_bounces_after_days_becomes_a_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    door.cloud.clock.advance(13 * DAY)
    door.sweep_up()
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert (state(door), len(letters(door))) == ("bounced", 1)


def test_the_browser_that_asked_does_not_notice_a_bounce(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    email = send_code(browser, mailroom)
    typed = {"identifier": MEMBER, "code": wrong(code(door, Channel.EMAIL))}
    before = browser.post("/reset/verify", typed)
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    after = browser.post("/reset/verify", typed)
    assert (after.status, after.body) == (before.status, {**before.body, "tries_left": before.body["tries_left"] - 1})


def test_an_address_changed_since_the_email_is_not_marked(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    put_member(door, {**member(door), "email": {"S": "newer@courriel.example"}})
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert (state(door), letters(door)) == (None, [])
    assert door.events("email.bounced")[0]["audit"]["marked"] is False


def test_a_server_that_writes_the_address_in_its_own_way_is_understood(door: FrontDoor, mailroom: Mailroom) -> None:
    report = bounce(send_code(door, mailroom))
    report["bounce"]["bouncedRecipients"][0]["emailAddress"] = f'"A member" <{ADDRESS.upper()}>'
    mailroom.report(report)
    mailroom.bounces.deliver()
    assert state(door) == "bounced"


def test_a_member_removed_since_the_email_needs_nothing(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    door.cloud.dynamodb.delete_item(TableName=door.cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{MEMBER}"}})
    mailroom.report(bounce(email))
    mailroom.bounces.deliver()
    assert (letters(door), mailroom.bounces.waiting) == ([], [])


def test_a_report_that_comes_before_its_e_mail_is_known_is_not_lost(door: FrontDoor, mailroom: Mailroom) -> None:
    email = send_code(door, mailroom)
    table, key = door.cloud.tables["AccessTable"], {"pk": {"S": f"EMAIL#{email['EmailTags'][1]['Value']}"}}
    item = door.cloud.dynamodb.get_item(TableName=table, Key=key)["Item"]
    door.cloud.dynamodb.delete_item(TableName=table, Key=key)
    mailroom.report(bounce(email))
    mailroom.bounces.deliver_for(120)
    assert (state(door), len(mailroom.bounces.waiting)) == (None, 1)
    door.cloud.dynamodb.put_item(TableName=table, Item=item)
    mailroom.bounces.deliver_for(120)
    assert (state(door), len(letters(door)), mailroom.bounces.waiting) == ("bounced", 1, [])


def test_a_report_of_an_unknown_email_is_dropped_after_five_minutes(door: FrontDoor, mailroom: Mailroom) -> None:
    report = bounce(send_code(door, mailroom))
    report["mail"]["tags"]["request_id"] = ["0" * 32]
    mailroom.report(report)
    mailroom.bounces.deliver_for(299)
    assert len(mailroom.bounces.waiting) == 1
    mailroom.bounces.deliver_for(300)
    assert mailroom.bounces.waiting + mailroom.bounces.given_up == []
    assert len(door.events("email.report-of-unknown")) == 1


def test_a_letters_queue_that_does_not_answer_keeps_the_report(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.report(bounce(send_code(door, mailroom)))
    door.cloud.queues.fails_with = "ServiceUnavailable"
    mailroom.bounces.deliver()
    assert (state(door), letters(door)) == (None, [])
    door.cloud.queues.fails_with = None
    mailroom.bounces.deliver_for(180)
    assert (state(door), len(letters(door))) == ("bounced", 1)


def test_no_address_is_logged(door: FrontDoor, mailroom: Mailroom, capfd: pytest.CaptureFixture[str]) -> None:
    email = send_code(door, mailroom)
    reports = unneeded(email)
    for report in [*reports.values(), bounce(email), complaint(email)]:
        mailroom.report(report)
    mailroom.bounces.deliver()
    captured = capfd.readouterr()
    written = (door.log.getvalue() + captured.out + captured.err).lower()
    assert {"email.bounced", "email.complained", "email.report-unneeded"} <= {
        event["message"] for event in door.events()
    }
    assert "email.bounced" in captured.out, "the metrics were not captured"
    assert [part for part in (ADDRESS.lower(), "courriel", "no such user") if part in written] == []
