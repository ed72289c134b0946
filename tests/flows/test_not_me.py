"""``POST /account/not-me``: the PIN is disabled first, then a code is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from member_access.recovery.codes import Channel
from simulators.aws_calls import failing
from simulators.sign_in_driver import PIN, Browser, FrontDoor
from tests.support.codes import last_code, sent_codes
from tests.support.members import NEW_PIN

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER, POSTAL, UNKNOWN = "A1234567", "B7654321", "Z9999999"


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The service, with a member who reads e-mails and one who does not."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(POSTAL)
    return door


def not_me(browser: Browser, token: str) -> Reply:
    """Call with a token."""
    return browser.post("/account/not-me", headers={"Authorization": f"Bearer {token}"})


def signed_in(door: FrontDoor, identifier: str = MEMBER) -> tuple[Browser, str]:
    """A browser with a session, and its token."""
    browser = Browser(door)
    token: str = browser.sign_in(identifier).body["access_token"]
    return browser, token


def kinds_of_emails(cloud: Cloud) -> list[str]:
    """The kinds of all e-mails that were decided on."""
    items = cloud.dynamodb.scan(TableName=cloud.tables["AccessTable"])["Items"]
    return sorted(item["kind"]["S"] for item in items if item["pk"]["S"].startswith("EMAIL#"))


def test_every_session_ends_and_no_browser_is_known(door: FrontDoor) -> None:
    thief, _ = signed_in(door)
    browser, token = signed_in(door)

    assert not_me(browser, token).status == 202
    assert "__Host-session" not in browser.cookies
    assert [one.refresh().status for one in (thief, browser)] == [401, 401]
    assert not_me(browser, token).code == "invalid-token"
    (event,) = door.events("pin.disabled")
    assert (event["audit"]["sessions"], event["audit"]["browsers"]) == (2, 2)


def test_the_pin_is_disabled_as_after_too_many_failures(door: FrontDoor) -> None:
    browser, token = signed_in(door)
    assert not_me(browser, token).status == 202
    guesser = Browser(door, source="198.51.100.9")
    for _ in range(12):
        guesser.sign_in(UNKNOWN)
        door.clock.advance(3600)

    disabled = [one.sign_in(MEMBER) for one in (browser, Browser(door))]
    unknown = Browser(door).sign_in(UNKNOWN)
    assert {(one.status, one.code, one.text) for one in (*disabled, unknown)} == {(403, "pin-disabled", unknown.text)}


def test_the_pin_fits_no_more_once_the_counters_are_swept_up(door: FrontDoor) -> None:
    browser, token = signed_in(door)
    assert not_me(browser, token).status == 202
    door.cloud.dynamodb.delete_item(
        TableName=door.cloud.tables["AccessTable"], Key={"pk": {"S": f"SIGN_INS#{door.subject(MEMBER)}"}}
    )

    assert Browser(door).sign_in(MEMBER).code == "invalid-credentials"


def test_the_code_by_email_sets_another_pin(door: FrontDoor) -> None:
    browser, token = signed_in(door)
    sent = not_me(browser, token)

    assert sent.body == {"channel": "email", "expires_in": 600, "resend_after": 60}
    assert kinds_of_emails(door.cloud) == ["new-browser", "pin-disabled", "reset-code"]
    code = {"identifier": MEMBER, "code": last_code(door.cloud, MEMBER)}
    reset_token = browser.post("/reset/verify", code).body["reset_token"]
    again = {"reset_token": reset_token, "pin": PIN, "pin_confirmation": PIN}
    assert browser.post("/reset/pin", again).body["errors"][0]["pointer"] == "/pin", "the known PIN is not set again"
    assert browser.post("/reset/pin", {**again, "pin": NEW_PIN, "pin_confirmation": NEW_PIN}).status == 204
    assert browser.sign_in(MEMBER, NEW_PIN).status == 200
    assert kinds_of_emails(door.cloud) == ["new-browser", "pin-changed", "pin-disabled", "reset-code"]


def test_a_member_without_email_gets_a_letter(door: FrontDoor) -> None:
    browser, token = signed_in(door, POSTAL)

    assert not_me(browser, token).body["channel"] == "letter"
    assert len(sent_codes(door.cloud, POSTAL, Channel.LETTER)) == 1
    assert kinds_of_emails(door.cloud) == []


def test_codes_and_permissions_of_before_are_void(door: FrontDoor) -> None:
    thief = Browser(door)
    assert thief.post("/reset", {"identifier": MEMBER}).status == 202
    code = {"identifier": MEMBER, "code": last_code(door.cloud, MEMBER)}
    reset_token = thief.post("/reset/verify", code).body["reset_token"]
    door.clock.advance(60)
    other_thief = Browser(door)
    assert other_thief.post("/reset", {"identifier": MEMBER}).status == 202
    later_code = {"identifier": MEMBER, "code": last_code(door.cloud, MEMBER)}
    assert not_me(*signed_in(door)).status == 202

    pin = {"reset_token": reset_token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN}
    assert thief.post("/reset/pin", pin).code == "invalid-reset-token"
    assert other_thief.post("/reset/verify", later_code).code == "invalid-code"


def test_strangers_who_used_up_codes_do_not_keep_a_known_browser_from_one(door: FrontDoor) -> None:
    for _ in range(5):
        assert Browser(door, source="198.51.100.9").post("/reset", {"identifier": MEMBER}).status == 202
        door.clock.advance(60)

    assert not_me(*signed_in(door)).body["channel"] == "email"


def test_without_a_code_the_pin_is_still_disabled(door: FrontDoor) -> None:
    browser, _ = signed_in(door, POSTAL)
    for source in ("198.51.100.9", "198.51.100.10"):
        assert Browser(door, source=source).post("/reset", {"identifier": POSTAL}).status == 202
    door.clock.advance(86_400)
    token = browser.sign_in(POSTAL).body["access_token"]
    code = {"identifier": POSTAL, "code": last_code(door.cloud, POSTAL, Channel.LETTER)}
    token_of_code = browser.post("/reset/verify", code).body["reset_token"]
    assert token_of_code

    answer = not_me(browser, token)
    assert answer.status == 202
    assert set(answer.body) == {"resend_after"}
    assert answer.body["resend_after"] > 0
    assert browser.sign_in(POSTAL).code == "pin-disabled"


def test_queues_that_fail_do_not_keep_the_pin_working(door: FrontDoor) -> None:
    browser, token = signed_in(door)
    with failing(door.cloud.sqs, "SendMessage", "ServiceUnavailable"):
        answer = not_me(browser, token)

    assert (answer.status, answer.body) == (202, {"resend_after": 0})
    assert browser.sign_in(MEMBER).code == "pin-disabled"
    assert browser.post("/reset", {"identifier": MEMBER}).status == 202


def test_a_table_that_fails_changes_nothing(door: FrontDoor) -> None:
    browser, token = signed_in(door)
    with failing(door.cloud.dynamodb, "TransactWriteItems", "InternalServerError"):
        assert not_me(browser, token).status == 503

    assert browser.refresh().status == 200
    assert not_me(browser, token).status == 202, "the member can try again"


def test_a_sign_in_that_was_overtaken_opens_no_session(door: FrontDoor) -> None:
    browser, token = signed_in(door)
    slow = Browser(door)
    written = door.cloud.dynamodb.transact_write_items
    calls: list[Any] = []

    def after_not_me(**arguments: Any) -> Any:  # noqa: ANN401 - what boto3 takes
        if not calls:
            calls.append(arguments)
            assert not_me(browser, token).status == 202
        return written(**arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door.cloud.dynamodb, "transact_write_items", after_not_me)
        assert slow.sign_in(MEMBER).status in {401, 403}
    assert "__Host-session" not in slow.cookies
    assert json.dumps(calls, default=str).count("SIGN_INS#") >= 1
