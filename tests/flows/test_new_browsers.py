"""A right PIN in a browser that the member has not used yet: allowed, told, or confirmed by a code."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from member_access.recovery.codes import Channel, Purpose
from member_access.sessions.item import sign_ins_from_item
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.codes import last_code, sent_codes, wrong
from tests.support.interruption import once_before
from tests.support.mailroom import Mailroom
from tests.support.members import NEW_PIN, import_members, member_row
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER, PARTNER, POSTAL, UNKNOWN = "A1234567", "B7654321", "C1111111", "Z9999999"
FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"}
MINUTE, DAY, WEEK = 60, 86_400, 7 * 86_400
VALUES = ("allow", "notify", "confirm")


def door_of(cloud: Cloud, value: str, **parameters: str) -> FrontDoor:
    """The functions, two members with an e-mail address, and one without."""
    door = FrontDoor(cloud, {"NewBrowser": value, **parameters})
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(PARTNER, email="partner@example.fr")
    door.add_member(POSTAL)
    return door


def code_of(cloud: Cloud, member: str = MEMBER, channel: Channel = Channel.EMAIL) -> str:
    return last_code(cloud, member, channel, Purpose.CONFIRM)


def claims_of(token: str) -> dict[str, Any]:
    """The claims of an access token; other tests verify its signature."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def acr(reply: Reply) -> str:
    level: str = claims_of(reply.body["access_token"])["acr"]
    return level


def emails(door: FrontDoor) -> list[dict[str, Any]]:
    door.clock.advance(MINUTE)
    room = Mailroom(door)
    room.emails.deliver()
    return room.sent


def subjects(door: FrontDoor) -> list[str]:
    return [email["Content"]["Simple"]["Subject"]["Data"] for email in emails(door)]


def test_the_first_sign_in_from_a_new_browser_sends_one_notice(cloud: Cloud) -> None:
    door = door_of(cloud, "notify")
    browser = Browser(door)

    body = {"identifier": MEMBER, "pin": PIN}
    assert [browser.post("/login", body, FIREFOX).status for _ in range(2)] == [200, 200]

    (sent,) = emails(door)
    text = sent["Content"]["Simple"]["Body"]["Text"]["Data"]
    assert "Firefox sur Windows" in text
    assert "192.0.2" not in json.dumps(sent)


def test_a_browser_without_cookies_gets_one_notice_a_day(cloud: Cloud) -> None:
    door = door_of(cloud, "notify")

    assert [Browser(door).sign_in(MEMBER).status for _ in range(3)] == [200] * 3
    assert Browser(door).sign_in(PARTNER).status == 200
    assert len(subjects(door)) == 2, "one to each member"
    door.clock.advance(DAY - 2 * MINUTE)
    assert Browser(door).sign_in(MEMBER).status == 200
    assert len(subjects(door)) == 2
    door.clock.advance(MINUTE)
    assert Browser(door).sign_in(MEMBER).status == 200
    assert len(subjects(door)) == 3


@pytest.mark.parametrize(("value", "member"), [("allow", MEMBER), ("notify", POSTAL)])
def test_no_notice_goes_out_where_none_is_wanted_or_none_can_arrive(cloud: Cloud, value: str, member: str) -> None:
    door = door_of(cloud, value)

    assert Browser(door).sign_in(member).status == 200
    assert cloud.messages("EmailsQueue") == []


def test_a_browser_that_set_the_pin_by_code_gets_no_notice(cloud: Cloud) -> None:
    door = door_of(cloud, "notify")
    browser = Browser(door)
    browser.post("/reset", {"identifier": MEMBER})
    token = browser.post("/reset/verify", {"identifier": MEMBER, "code": last_code(cloud, MEMBER)}).body["reset_token"]
    assert browser.post("/reset/pin", {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN}).status == 204
    before = len(cloud.messages("EmailsQueue"))

    assert browser.sign_in(MEMBER, NEW_PIN).status == 200
    assert len(cloud.messages("EmailsQueue")) == before


@pytest.mark.parametrize(("value", "calls_more"), [("allow", 0), ("notify", 1)])
def test_a_notice_costs_one_call_in_a_new_browser_alone(cloud: Cloud, value: str, calls_more: int) -> None:
    with cloud.recorded_calls() as log:
        door = FrontDoor(cloud, {"NewBrowser": value}, executor=log.executor)
        door.add_member(MEMBER, email="member@example.fr")
        browser = Browser(door)
        before = len(log.calls)
        assert browser.sign_in(MEMBER).status == 200
        new = [call.operation for call in log.calls[before:]]
        before = len(log.calls)
        assert browser.sign_in(MEMBER).status == 200
        known = log.calls[before:]

    assert len(new) == 6 + calls_more
    assert new.count("sqs:SendMessage") == calls_more
    assert (len(known), len({call.hop for call in known})) == (5, 3)


def test_a_right_pin_in_a_new_browser_asks_for_a_code_first(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)

    asked = browser.sign_in(MEMBER)
    assert (asked.status, asked.body) == (202, {"channel": "email", "expires_in": 600, "resend_after": 60})
    assert any("Max-Age=600;" in line for line in asked.headers["Set-Cookie"])
    assert browser.cookies.keys() == {"__Host-confirm"}
    assert browser.refresh().status == 401

    confirmed = browser.confirm(code_of(cloud))
    assert confirmed.status == 200
    assert acr(confirmed) == "pin-code"
    assert "__Host-confirm" not in browser.cookies
    assert browser.refresh().status == 200
    again = browser.sign_in(MEMBER)
    assert (again.status, acr(again)) == (200, "pin-known-browser")


def test_the_email_of_a_second_step_has_the_code_that_confirms(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    Browser(door).sign_in(MEMBER)

    (sent,) = emails(door)
    assert code_of(cloud) in sent["Content"]["Simple"]["Body"]["Text"]["Data"]


def test_a_second_browser_needs_a_code_of_its_own(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    first, second = Browser(door), Browser(door)
    first.sign_in(MEMBER)
    code = code_of(cloud)
    second.cookies["__Host-confirm"] = "0" * 32 + "." + "0" * 64

    assert second.confirm(code).code == "invalid-code"
    assert first.confirm(code).status == 200
    door.clock.advance(MINUTE)
    assert second.sign_in(MEMBER).status == 202
    assert second.confirm(code_of(cloud)).status == 200


def test_two_members_at_one_browser_confirm_one_after_the_other(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    for member in (MEMBER, PARTNER):
        assert browser.sign_in(member).status == 202
        assert browser.confirm(code_of(cloud, member)).status == 200

    assert [browser.sign_in(member).status for member in (MEMBER, PARTNER)] == [200, 200]


def test_five_wrong_codes_end_the_step(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    code = code_of(cloud)

    replies = [browser.confirm(wrong(code)) for _ in range(5)]
    assert [(reply.status, reply.body.get("tries_left")) for reply in replies] == [
        *((401, left) for left in (4, 3, 2, 1)),
        (401, None),
    ]
    assert browser.confirm(code).code == "invalid-code"
    assert browser.refresh().status == 401


def test_a_step_ends_with_its_code(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    door.clock.advance(600)

    assert browser.confirm(code_of(cloud)).code == "invalid-code"


def test_a_step_ends_with_a_new_pin(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser, other = Browser(door), Browser(door)
    other.sign_in(MEMBER)
    other.confirm(code_of(cloud))
    door.clock.advance(MINUTE)
    browser.sign_in(MEMBER)
    body = {"identifier": MEMBER, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert other.post("/pin", body).status == 204

    assert browser.confirm(code_of(cloud)).code == "invalid-code"
    assert emails(door)[-1]["Content"]["Simple"]["Subject"]["Data"] != "Votre code pour confirmer votre connexion"


def test_a_pin_alone_neither_replaces_itself_nor_makes_a_browser_known(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    body = {"pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}

    with cloud.recorded_calls() as log:
        door = FrontDoor(cloud, {"NewBrowser": "confirm"}, executor=log.executor)
        seen = []
        for identifier, pin in ((MEMBER, PIN), (MEMBER, OTHER_PIN), (UNKNOWN, PIN)):
            before = log.footprint()
            reply = Browser(door).post("/pin", body | {"identifier": identifier, "pin": pin})
            seen.append((reply.code, reply.status, log.footprint() - before))
    assert seen == [("sign-in-first", 403, seen[0][2])] * 3, "it does not tell whether the PIN is right"
    assert seen[0][2].total() == 1

    browser = Browser(door)
    browser.sign_in(MEMBER)
    browser.confirm(code_of(cloud))
    assert browser.post("/pin", body | {"identifier": MEMBER}).status == 204


def test_a_new_request_ends_the_step_before(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser, other = Browser(door), Browser(door)
    browser.sign_in(MEMBER)
    code = code_of(cloud)
    door.clock.advance(MINUTE)
    assert other.sign_in(MEMBER).status == 202

    assert browser.confirm(code).code == "invalid-code"
    assert other.confirm(code_of(cloud)).status == 200


def test_a_second_right_pin_within_the_interval_sends_nothing(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    browser.sign_in(MEMBER)

    again = browser.sign_in(MEMBER)
    assert (again.status, again.body["retry_after"]) == (429, 60)
    assert len(cloud.messages("CodeEmailsQueue")) == 1
    assert browser.confirm(code_of(cloud)).status == 200, "the step that was asked for stays good"


def test_codes_of_a_day_are_limited_apart_from_those_of_a_reset(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm", **NO_SOURCE_LIMITS)
    stranger = Browser(door)
    for _ in range(6):
        stranger.post("/reset", {"identifier": MEMBER})
        door.clock.advance(MINUTE)

    replies = []
    for _ in range(6):
        replies.append(Browser(door).sign_in(MEMBER).status)
        door.clock.advance(MINUTE)
    assert replies == [202] * 5 + [429]


def test_a_right_pin_counts_as_a_success_at_its_counters(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    assert [browser.sign_in(MEMBER, OTHER_PIN).status for _ in range(2)] == [401, 401]
    assert browser.sign_in(MEMBER).status == 202
    assert [browser.sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]


def test_what_one_source_sends_in_a_day_is_limited(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm", SourceEmailsADay="1")

    assert Browser(door).sign_in(MEMBER).status == 202
    assert Browser(door).sign_in(PARTNER).status == 429
    assert Browser(door, source="198.51.100.1").sign_in(PARTNER).status == 202


def test_a_code_of_a_reset_confirms_no_sign_in(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    of_step = last_code(cloud, MEMBER)
    assert of_step != code_of(cloud)
    assert browser.confirm(of_step).code == "invalid-code"


def test_a_code_of_a_second_step_resets_no_pin(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    browser.post("/reset", {"identifier": MEMBER})

    for code in sent_codes(cloud, MEMBER, purpose=Purpose.CONFIRM):
        assert browser.post("/reset/verify", {"identifier": MEMBER, "code": code}).code == "invalid-code"


def test_a_member_without_an_address_gets_one_letter(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    assert browser.sign_in(POSTAL).body["channel"] == "letter"
    code = code_of(cloud, POSTAL, Channel.LETTER)
    assert len(code) == 10

    door.clock.advance(WEEK)
    later = Browser(door, source="198.51.100.1")
    asked = later.sign_in(POSTAL)
    assert (asked.status, asked.body["expires_in"]) == (202, 14 * DAY)
    assert len(cloud.messages("LettersQueue")) == 1
    (letter,) = items(cloud, "LETTER#")
    assert letter["kind"]["S"] == "confirmation"
    assert later.confirm(code).status == 200
    assert later.sign_in(POSTAL).status == 200


def test_the_code_of_a_letter_confirms_once(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    first, second = Browser(door), Browser(door)
    first.sign_in(POSTAL)
    code = code_of(cloud, POSTAL, Channel.LETTER)
    assert first.confirm(code).status == 200

    assert second.sign_in(POSTAL).status == 429, "the next letter has to wait"
    assert second.confirm(code).code == "invalid-code"


def test_a_letter_of_a_reset_and_one_of_a_second_step_are_apart(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    browser.sign_in(POSTAL)
    assert browser.post("/reset", {"identifier": POSTAL}).status == 202
    of_step, of_reset = (
        sent_codes(cloud, POSTAL, Channel.LETTER, Purpose.CONFIRM)[0],
        last_code(cloud, POSTAL, Channel.LETTER),
    )

    assert browser.post("/reset/verify", {"identifier": POSTAL, "code": of_step}).code == "invalid-code"
    assert browser.confirm(of_reset).code == "invalid-code"
    assert browser.confirm(of_step).status == 200
    assert browser.post("/reset/verify", {"identifier": POSTAL, "code": of_reset}).status == 200


def test_a_wrong_pin_looks_the_same_for_every_value(cloud: Cloud) -> None:
    seen = []
    for value in VALUES:
        clock = Clock()
        for number, identifier in enumerate((MEMBER, POSTAL, UNKNOWN)):
            with cloud.recorded_calls() as log:
                door = FrontDoor(cloud, {"NewBrowser": value}, clock=clock, executor=log.executor)
                door.add_member(f"{value.upper()}1", email="member@example.fr")
                door.add_member(f"{value.upper()}2")
                typed = {MEMBER: f"{value.upper()}1", POSTAL: f"{value.upper()}2"}.get(identifier, f"{value.upper()}3")
                browser, before = Browser(door, source=f"198.51.100.{number}"), log.footprint()
                reply = browser.sign_in(typed, OTHER_PIN)
                seen.append((reply, log.footprint() - before, browser.cookies))
    replies, footprints, cookies = zip(*seen, strict=True)
    assert [reply == replies[0] for reply in replies] == [True] * 9
    assert {operation for operation, _ in footprints[0]} == {
        "dynamodb:BatchGetItem",
        "dynamodb:UpdateItem",
        "kms:GenerateMac",
    }
    assert [one.keys() for one in cookies] == [cookies[0].keys()] * 9


def test_a_code_raises_the_level_of_the_same_session(cloud: Cloud) -> None:
    door = door_of(cloud, "allow")
    browser = Browser(door)
    before = claims_of(browser.sign_in(MEMBER).body["access_token"])
    door.clock.advance(MINUTE)

    assert browser.step_up().status == 202
    raised = browser.step_up(code_of(cloud))
    after = claims_of(raised.body["access_token"])
    assert (before["acr"], after["acr"], after["sid"]) == ("pin", "pin-code", before["sid"])
    assert after["auth_time"] == before["auth_time"] + MINUTE
    assert after["amr"] == ["pin", "mca"]
    assert acr(browser.refresh()) == "pin-code"


def test_a_code_of_one_step_is_none_of_another(cloud: Cloud) -> None:
    door = door_of(cloud, "confirm")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    browser.confirm(code_of(cloud))
    browser.step_up()

    assert browser.confirm(code_of(cloud)).code == "invalid-code", "it would open a session"
    stranger = Browser(door, cookies={"__Host-confirm": browser.cookies["__Host-confirm"]})
    assert stranger.step_up(code_of(cloud)).code == "session-expired"
    assert browser.step_up(code_of(cloud)).status == 200
    assert browser.step_up(code_of(cloud)).code == "invalid-code"


def ends_all(door: FrontDoor, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert Browser(door).send("DELETE", "/sessions", headers=headers).status == 204


def sets_another_pin(door: FrontDoor, _token: str) -> None:
    body = {"identifier": MEMBER, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert Browser(door).post("/pin", body).status == 204


@pytest.mark.parametrize("ends", [ends_all, sets_another_pin])
def test_a_session_that_ends_after_its_code_was_right_is_not_raised(
    cloud: Cloud, ends: Callable[[FrontDoor, str], None]
) -> None:
    door = door_of(cloud, "allow")
    browser = Browser(door)
    token = browser.sign_in(MEMBER).body["access_token"]
    browser.step_up()
    once_before(cloud, "TransactWriteItems", lambda: ends(door, token))
    reply = browser.step_up(code_of(cloud))

    assert (reply.status, reply.code) == (401, "session-expired")
    assert "access_token" not in reply.body
    (item,) = items(cloud, "SIGN_INS#")
    assert sign_ins_from_item(item).sessions == ()
    assert door.events("second-step.taken") == []
    assert browser.refresh().status == 401


@pytest.mark.parametrize("cookie", [None, "no token"])
def test_no_session_is_no_step_up(cloud: Cloud, cookie: str | None) -> None:
    browser = Browser(door_of(cloud, "allow"), cookies={"__Host-session": cookie} if cookie else {})
    assert browser.step_up().code == "session-expired"


def test_a_member_who_was_removed_steps_up_no_more(cloud: Cloud) -> None:
    door = door_of(cloud, "allow")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    cloud.dynamodb.delete_item(TableName=cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{MEMBER}"}})

    assert browser.step_up().code == "session-expired"


def test_a_session_that_has_ended_steps_up_no_more(cloud: Cloud) -> None:
    door = door_of(cloud, "allow")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    door.clock.advance(30 * MINUTE)

    assert browser.step_up().code == "session-expired"
    assert door.events("second-step.asked") == []


def test_no_table_holds_a_code_or_a_handle(cloud: Cloud) -> None:
    import_members(cloud, member_row(1))
    door = FrontDoor(cloud, {"NewBrowser": "confirm"})
    door.give_pin("A0000001")
    browser = Browser(door)
    browser.sign_in("A0000001")

    kept = repr(items(cloud)) + door.log.getvalue()
    assert code_of(cloud, "A0000001") not in kept
    assert browser.cookies["__Host-confirm"] not in kept
