"""The e-mail queue: what is sent, how often, and what becomes of an e-mail that cannot be sent."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

import pytest

from member_access.outbox.email_item import EmailKind
from member_access.recovery.codes import Channel, RequestId
from simulators.aws_calls import failing
from simulators.ses import SesError, TimedOut
from simulators.sign_in_driver import PIN, Browser, FrontDoor
from tests.support.codes import last_code, wrong
from tests.support.event_source import Context
from tests.support.mailroom import Mailroom
from tests.support.members import NEW_PIN
from tests.support.table import items, stored_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.cloud import Cloud

MEMBER, POSTAL, UNKNOWN = "A1234567", "B7654321", "Z9999999"
ADDRESS = "member@courriel.example"
HOUR, DAY = 3600, 86_400
NEW_PIN_NOTICE = "Votre nouveau mot de passe est enregistré"
THROTTLED = SesError("TooManyRequestsException", 429)
UNKNOWN_ADDRESS = SesError("MessageRejected", message=f"Address blacklisted: {ADDRESS}")


class Killed(BaseException):
    """The function's process ends in the midst of its work."""


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions of the API, and two members: with an e-mail address and without."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email=ADDRESS)
    door.add_member(POSTAL)
    return door


@pytest.fixture
def mailroom(door: FrontDoor) -> Mailroom:
    """The functions behind the e-mail queues."""
    return Mailroom(door)


def request_code(browser: FrontDoor | Browser, identifier: str = MEMBER) -> str:
    """A reset by e-mail, from a new browser or from this one, and its code as it is derived."""
    asking = browser if isinstance(browser, Browser) else Browser(browser)
    assert asking.post("/reset", {"identifier": identifier}).status == 202
    return last_code(asking.door.cloud, identifier)


def verify(browser: Browser, code: str) -> int:
    return browser.post("/reset/verify", {"identifier": MEMBER, "code": code}).status


def change_member(door: FrontDoor, attributes: Mapping[str, str | None], member: str = MEMBER) -> None:
    """Set attributes of a member, or remove those that are None."""
    table, key = door.cloud.tables["MembersTable"], {"pk": {"S": f"MEMBER#{member}"}}
    item = door.cloud.dynamodb.get_item(TableName=table, Key=key)["Item"]
    for name, value in attributes.items():
        if value is None:
            del item[name]
        else:
            item[name] = {"S": value}
    door.cloud.dynamodb.put_item(TableName=table, Item=item)


def text(email: dict[str, Any]) -> str:
    found: str = email["Content"]["Simple"]["Body"]["Text"]["Data"]
    return found


def jobs(door: FrontDoor) -> list[str]:
    """The members that letters were asked for."""
    return [item["identifier"]["S"] for item in items(door.cloud, "LETTER#")]


def dropped(door: FrontDoor) -> list[str]:
    events = [event for event in door.events() if event["message"] in {"email.dropped", "email.code-expired"}]
    return [event["audit"]["reason"] for event in events]


def test_a_code_is_sent_to_the_members_address_and_works(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    code = request_code(browser)
    mailroom.emails.deliver_for(3)
    (email,) = mailroom.sent
    assert email["Destination"] == {"ToAddresses": [ADDRESS]}
    assert code in text(email)
    # A span draws the gap in the code.
    assert code in re.sub("</?span[^>]*>", "", email["Content"]["Simple"]["Body"]["Html"]["Data"])
    assert verify(browser, code) == 200
    assert mailroom.emails.waiting == []


def test_the_codes_of_two_in_one_mailbox_say_whose_they_are(door: FrontDoor, mailroom: Mailroom) -> None:
    other = "C3456789"
    door.add_member(other, email=ADDRESS)
    for identifier, name in ((MEMBER, "Camille"), (other, "Dominique")):
        change_member(door, {"first_name": name}, identifier)
    browser = Browser(door)
    first, second = request_code(browser), request_code(browser, other)
    mailroom.emails.deliver_for(3)
    one, another = (text(email) for email in mailroom.sent)
    assert "concerne Camille, dont l’identifiant se termine par 67." in one
    assert "concerne Dominique, dont l’identifiant se termine par 89." in another
    assert "même pour des personnes différentes, seul le dernier fonctionne" in one
    assert verify(browser, first) == 401
    assert browser.post("/reset/verify", {"identifier": other, "code": second}).status == 200


def test_ses_gets_sender_configuration_set_and_impersonal_tags(door: FrontDoor, mailroom: Mailroom) -> None:
    request_code(door)
    request_id = json.loads(door.cloud.messages("CodeEmailsQueue")[-1])["request_id"]
    mailroom.emails.deliver_for(3)
    (email,) = mailroom.sent
    name, address = parseaddr(email["FromEmailAddress"])
    assert (str(make_header(decode_header(name))), address) == (
        "Mutuelle de l’Exemple",
        "ne-pas-repondre@mutuelle.example",
    )
    assert email["FromEmailAddress"].isascii()
    assert email["ConfigurationSetName"] == "EmailConfiguration"
    assert email["EmailTags"] == [
        {"Name": "kind", "Value": "reset-code"},
        {"Name": "request_id", "Value": request_id},
    ]
    simple = email["Content"]["Simple"]
    assert {part["Charset"] for part in (simple["Subject"], *simple["Body"].values())} == {"UTF-8"}
    assert set(simple["Body"]) == {"Text", "Html"}


def test_no_program_answers_an_email_but_with_a_bounce(door: FrontDoor, mailroom: Mailroom) -> None:
    """RFC 3834 §5. [MS-OXCMAIL] §2.1.3.2.20: "All" would also suppress NDR, the reports that make a bounce."""
    request_code(door)
    mailroom.emails.deliver_for(3)

    headers = {header["Name"]: header["Value"] for header in mailroom.sent[0]["Content"]["Simple"]["Headers"]}
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"].split(", ") == ["DR", "RN", "NRN", "OOF", "AutoReply"]
    assert mailroom.sent[0].get("ReplyToAddresses", []) == []


@pytest.mark.parametrize(("language", "subject"), [(None, "Votre code de sécurité"), ("en", "Your security code")])
def test_a_member_is_written_to_in_their_language(
    door: FrontDoor, mailroom: Mailroom, language: str | None, subject: str
) -> None:
    if language:
        change_member(door, {"language": language})
    request_code(door)
    mailroom.emails.deliver_for(3)
    assert mailroom.sent[0]["Content"]["Simple"]["Subject"]["Data"] == subject


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (EmailKind.PIN_CREATED, "Votre mot de passe est créé"),
        (EmailKind.PIN_CHANGED, "Votre nouveau mot de passe est enregistré"),
        (EmailKind.LETTER_REQUESTED, "Un courrier avec un code de sécurité vous est envoyé"),
        (EmailKind.IDENTIFIER_REMINDER, "Votre identifiant"),
    ],
)
def test_every_kind_of_notice_is_sent(mailroom: Mailroom, kind: EmailKind, subject: str) -> None:
    mailroom.decide(MEMBER, kind)
    mailroom.emails.deliver()
    (email,) = mailroom.sent
    assert email["Content"]["Simple"]["Subject"]["Data"] == subject
    assert (MEMBER in text(email)) == (kind is EmailKind.IDENTIFIER_REMINDER)


def test_a_reset_ends_with_the_notice_that_the_pin_was_changed(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    token = browser.post("/reset/verify", {"identifier": MEMBER, "code": request_code(browser)}).body["reset_token"]
    browser.post("/reset/pin", {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN})
    mailroom.emails.deliver_for(3)
    subjects = [email["Content"]["Simple"]["Subject"]["Data"] for email in mailroom.sent]
    assert subjects == ["Votre nouveau mot de passe est enregistré"], "the code was used already: it is not sent"


def test_a_first_pin_is_reported_as_created(door: FrontDoor, mailroom: Mailroom) -> None:
    change_member(door, {"pin_hash": None})
    browser = Browser(door)
    token = browser.post("/reset/verify", {"identifier": MEMBER, "code": request_code(browser)}).body["reset_token"]
    browser.post("/reset/pin", {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN})
    mailroom.emails.deliver_for(3)
    subjects = [email["Content"]["Simple"]["Subject"]["Data"] for email in mailroom.sent]
    assert subjects == ["Votre mot de passe est créé"]


def test_replies_go_where_someone_reads_them(door: FrontDoor) -> None:
    mailroom = Mailroom(door, {"REPLY_TO_ADDRESS": "adherents@mutuelle.example"})
    request_code(door)
    mailroom.emails.deliver_for(3)
    (email,) = mailroom.sent
    assert email["ReplyToAddresses"] == ["adherents@mutuelle.example"]
    assert "Répondez à cet e-mail" in text(email)


def test_a_message_that_is_delivered_again_sends_nothing_more(door: FrontDoor, mailroom: Mailroom) -> None:
    request_code(door)
    mailroom.emails.deliver_for(3)
    mailroom.put("CodeEmailsQueue", door.cloud.messages("CodeEmailsQueue")[0])
    mailroom.emails.deliver()
    assert len(mailroom.sent) == 1
    assert mailroom.emails.waiting == []


def test_a_function_that_dies_after_sending_sends_the_same_code_again(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    code = request_code(browser)

    def die() -> None:
        raise Killed

    door.cloud.sent_emails.when_taken = die
    door.cloud.clock.advance(3)
    with pytest.raises(Killed):
        mailroom.emails.deliver()
    door.cloud.sent_emails.when_taken = lambda: None
    mailroom.emails.deliver_for(360)
    first, second = mailroom.sent
    assert first == second
    assert code in text(second)
    assert verify(browser, code) == 200


def test_an_email_that_cannot_be_marked_is_not_sent_again(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    with ExitStack() as failures:
        fault = failing(door.cloud.dynamodb, "UpdateItem", "InternalServerError")
        door.cloud.sent_emails.when_taken = lambda: failures.enter_context(fault)
        mailroom.emails.deliver_for(HOUR)
    assert len(mailroom.sent) == 1
    assert mailroom.emails.waiting == []
    assert door.events("email.not-marked")[0]["why"] == "UpdateItem: InternalServerError"


@pytest.mark.parametrize("operation", ["BatchGetItem", "TransactWriteItems"])
def test_a_table_that_does_not_answer_keeps_the_code_in_the_queue(
    door: FrontDoor, mailroom: Mailroom, operation: str
) -> None:
    request_code(door)
    door.cloud.sent_emails.fault = UNKNOWN_ADDRESS
    with failing(door.cloud.dynamodb, operation, "ThrottlingException"):
        mailroom.emails.deliver_for(60)
    assert (jobs(door), len(mailroom.emails.waiting)) == ([], 1)
    mailroom.emails.deliver_for(60)
    assert (jobs(door), mailroom.emails.waiting) == ([MEMBER], [])


@pytest.mark.parametrize(("taken", "sent"), [(True, 2), (False, 1)])
def test_a_timeout_sends_the_same_code_later(door: FrontDoor, mailroom: Mailroom, taken: bool, sent: int) -> None:
    code = request_code(door)
    door.cloud.sent_emails.fault = TimedOut(taken=taken)
    mailroom.emails.deliver_for(3)
    assert len(door.cloud.sent_emails.requests) == 1, "botocore must not try again by itself"
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(5)
    assert len(mailroom.sent) == sent
    assert all(code in text(email) for email in mailroom.sent)


def test_nothing_is_sent_for_an_unknown_identifier(door: FrontDoor, mailroom: Mailroom) -> None:
    for number in range(5):
        Browser(door).post("/reset", {"identifier": f"{UNKNOWN[:-1]}{number}"})
    announced = len(mailroom.codes.waiting)
    assert announced > 0
    mailroom.emails.deliver_for(3)
    assert mailroom.emails.waiting + mailroom.emails.given_up == []
    assert door.cloud.sent_emails.requests == []
    assert door.events("message.not-yet") == []


def test_a_message_without_decision_and_decoy_waits_a_minute(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.enqueue(RequestId("0" * 32))
    mailroom.emails.deliver_for(50)
    assert mailroom.emails.waiting, "the decision may still come"
    mailroom.emails.deliver_for(50)
    assert mailroom.emails.waiting + mailroom.emails.given_up == []


def test_a_message_delivered_before_the_decision_comes_back(mailroom: Mailroom) -> None:
    request_id = RequestId("0" * 32)
    mailroom.enqueue(request_id)
    mailroom.emails.deliver()
    mailroom.decide(MEMBER, request_id=request_id)
    mailroom.emails.deliver_for(5)
    assert len(mailroom.sent) == 1


def test_a_code_that_expired_in_the_queue_is_not_sent(door: FrontDoor, mailroom: Mailroom) -> None:
    request_code(door)
    door.cloud.sent_emails.fault = THROTTLED
    mailroom.emails.deliver_for(600)
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(HOUR)
    assert (mailroom.sent, mailroom.emails.waiting) == ([], [])
    assert dropped(door) == ["expired"]


def test_two_codes_in_the_queue_are_both_sent_for_two_browsers(door: FrontDoor, mailroom: Mailroom) -> None:
    browsers = Browser(door), Browser(door)
    door.cloud.sent_emails.fault = THROTTLED
    first = request_code(browsers[0])
    mailroom.emails.deliver_for(60)
    second = request_code(browsers[1])
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(HOUR)
    assert len(mailroom.sent) == 2
    texts = "".join(text(email) for email in mailroom.sent)
    assert first in texts
    assert second in texts


def test_a_code_whose_tries_are_used_up_in_the_queue_is_still_sent(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    code = request_code(browser)
    for _ in range(5):
        verify(browser, wrong(code))
    mailroom.emails.deliver_for(60)
    assert len(mailroom.sent) == 1, "the member reads that someone asks for codes"


def test_a_code_that_a_new_pin_has_voided_in_the_queue_is_not_sent(door: FrontDoor, mailroom: Mailroom) -> None:
    request_code(door)
    pins = {"pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert Browser(door).post("/pin", {"identifier": MEMBER, **pins}).status == 204
    mailroom.emails.deliver_for(HOUR)
    assert [email["Content"]["Simple"]["Subject"]["Data"] for email in mailroom.sent] == [NEW_PIN_NOTICE]
    assert dropped(door) == ["void"]


def test_a_code_that_was_used_before_its_email_left_is_not_sent(door: FrontDoor, mailroom: Mailroom) -> None:
    browser = Browser(door)
    assert verify(browser, request_code(browser)) == 200
    mailroom.emails.deliver_for(HOUR)
    assert (mailroom.sent, dropped(door)) == ([], ["void"])


def test_a_member_who_is_gone_gets_nothing(door: FrontDoor, mailroom: Mailroom) -> None:
    request_code(door)
    door.cloud.dynamodb.delete_item(TableName=door.cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{MEMBER}"}})
    mailroom.emails.deliver_for(3)
    assert (mailroom.sent, jobs(door), dropped(door)) == ([], [], ["no-member"])


@pytest.mark.parametrize("change", [{"email": None}, {"email_state": "bounced"}])
def test_a_code_becomes_a_letter_where_no_address_works_any_more(
    door: FrontDoor, mailroom: Mailroom, change: dict[str, str | None]
) -> None:
    browser = Browser(door)
    code = request_code(browser)
    change_member(door, change)
    mailroom.emails.deliver_for(3)
    assert (mailroom.sent, jobs(door), dropped(door)) == ([], [MEMBER], ["no-address"])
    assert len(door.cloud.messages("LettersQueue")) == 1
    assert verify(browser, code) == 401, "a code that no one has must not stay good"


def test_a_notice_is_dropped_where_no_address_works_any_more(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    change_member(door, {"email": None})
    mailroom.emails.deliver()
    assert (mailroom.sent, jobs(door), dropped(door)) == ([], [], ["no-address"])


def test_a_code_for_a_refused_address_becomes_a_letter_that_works(door: FrontDoor, mailroom: Mailroom) -> None:
    request_code(door)
    door.cloud.sent_emails.fault = UNKNOWN_ADDRESS
    mailroom.emails.deliver_for(3)
    assert (mailroom.emails.waiting, jobs(door), dropped(door)) == ([], [MEMBER], ["address-refused"])
    assert verify(Browser(door), last_code(door.cloud, MEMBER, Channel.LETTER)) == 200


def test_a_refusal_of_our_own_identity_turns_no_code_into_a_letter(door: FrontDoor, mailroom: Mailroom) -> None:
    code = request_code(door)
    door.cloud.sent_emails.fault = SesError(
        "MessageRejected",
        message="Email address is not verified. The following identities failed the check: mutuelle.example",
    )
    mailroom.emails.deliver_for(60)
    assert jobs(door) == []
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(60)
    assert code in text(mailroom.sent[0])


@pytest.mark.parametrize(
    ("fault", "level"),
    [
        (THROTTLED, "WARNING"),
        (SesError("LimitExceededException"), "WARNING"),
        (SesError("InternalFailure", 500), "WARNING"),
        (SesError("ServiceUnavailable", 503), "WARNING"),
        (SesError("AccountSuspendedException"), "ERROR"),
        (SesError("SendingPausedException"), "ERROR"),
        (SesError("MailFromDomainNotVerifiedException"), "ERROR"),
        (SesError("BadRequestException"), "ERROR"),
        (SesError("NotFoundException", 404), "ERROR"),
    ],
    ids=lambda value: value.code if isinstance(value, SesError) else value,
)
def test_a_refusal_by_ses_is_logged_and_the_email_is_sent_later(
    door: FrontDoor, mailroom: Mailroom, fault: SesError, level: str
) -> None:
    mailroom.decide(MEMBER)
    door.cloud.sent_emails.fault = fault
    mailroom.emails.deliver_for(HOUR)
    assert {event["level"] for event in door.events("message.failed")} == {level}
    assert fault.code in door.events("message.failed")[0]["why"]
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(HOUR)
    assert len(mailroom.sent) == 1
    assert mailroom.emails.waiting + mailroom.emails.given_up == []


def test_a_day_of_throttling_loses_nothing_and_sends_nothing_twice(door: FrontDoor, mailroom: Mailroom) -> None:
    decided = [mailroom.decide(MEMBER) for _ in range(3)]
    door.cloud.sent_emails.fault = THROTTLED
    mailroom.emails.deliver_for(DAY)
    assert mailroom.emails.given_up == []
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(HOUR)
    assert sorted(email["EmailTags"][1]["Value"] for email in mailroom.sent) == sorted(decided)
    assert mailroom.emails.waiting + mailroom.emails.given_up == []


def test_a_service_in_trouble_is_asked_less_and_less(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    door.cloud.sent_emails.fault = THROTTLED
    asked = []
    for _ in range(6):
        mailroom.emails.deliver_for(60)
        asked.append(len(door.cloud.sent_emails.requests))
    assert asked == [4, 5, 6, 6, 6, 7]


def test_a_malformed_message_ends_in_the_dead_letter_queue_alone(door: FrontDoor, mailroom: Mailroom) -> None:
    malformed = ["", "{}", "[1]", '{"request_id": 7}', "not JSON"]
    for body in malformed:
        mailroom.put("EmailsQueue", body)
        mailroom.decide(MEMBER)
    mailroom.emails.deliver()
    assert len(mailroom.sent) == len(malformed)
    mailroom.emails.deliver_for(2 * DAY)
    assert [message.body for message in mailroom.emails.given_up] == malformed
    assert mailroom.emails.waiting == []
    assert door.events("message.failed")[0]["why"] == "a message names a request"


def test_what_a_call_has_no_time_left_for_comes_back_untouched(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    mailroom.emails.deliver(Context(left=24_000))
    assert door.cloud.sent_emails.requests == []
    mailroom.emails.deliver_for(5)
    assert len(mailroom.sent) == 1


def test_a_message_comes_back_even_where_its_wait_cannot_be_set(door: FrontDoor, mailroom: Mailroom) -> None:
    mailroom.decide(MEMBER)
    door.cloud.sent_emails.fault = THROTTLED
    door.cloud.queues.fails_with = "InternalFailure"
    mailroom.emails.deliver()
    door.cloud.sent_emails.fault = None
    mailroom.emails.deliver_for(359)
    assert mailroom.sent == []
    mailroom.emails.deliver_for(1)
    assert len(mailroom.sent) == 1


def test_a_key_that_does_not_answer_keeps_the_code_in_the_queue(door: FrontDoor, mailroom: Mailroom) -> None:
    code = request_code(door)
    lost_key = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-0000-0000-000000000000"
    Mailroom(door, {"CODE_KEY_ARN": lost_key}).emails.deliver_for(3)
    assert door.events("message.failed")[0]["why"] == "GenerateMac: NotFoundException"
    mailroom.emails.deliver_for(5)
    assert code in text(mailroom.sent[0])


def test_neither_code_nor_address_nor_what_ses_answers_is_logged(
    door: FrontDoor, mailroom: Mailroom, capfd: pytest.CaptureFixture[str]
) -> None:
    codes = [request_code(door)]
    mailroom.emails.deliver_for(60)
    door.cloud.sent_emails.fault = THROTTLED
    codes.append(request_code(door))
    mailroom.emails.deliver_for(5)
    door.cloud.sent_emails.fault = SesError("BadRequestException", message=f"Illegal address {ADDRESS}")
    mailroom.emails.deliver_for(10)
    door.cloud.sent_emails.fault = UNKNOWN_ADDRESS
    mailroom.emails.deliver_for(HOUR)
    mailroom.decide(MEMBER)
    mailroom.emails.deliver_for(HOUR)
    captured = capfd.readouterr()
    written = door.log.getvalue() + captured.out + captured.err
    assert {"email.sent", "email.dropped", "message.failed", "reset.letter-instead"} <= {
        event["message"] for event in door.events()
    }
    assert "email.sent" in captured.out, "the metrics were not captured"
    assert [secret for secret in (*codes, ADDRESS, "blacklisted") if secret in written] == []


def test_what_is_kept_of_a_running_reset_gives_no_code_away(door: FrontDoor, mailroom: Mailroom) -> None:
    code = request_code(door)
    mailroom.emails.deliver_for(3)
    kept = stored_text(door.cloud)
    # Six digits may stand by chance inside an instant or a hash: as a value of its own they must not.
    for secret in (f"'{code}'", f'"{code}"'):
        assert secret not in kept + repr(door.cloud.queues.sent)
    assert ADDRESS not in repr(door.cloud.queues.sent)
    in_access = repr(items(door.cloud))
    assert ADDRESS not in in_access
