"""What the audit trail says of second steps, and what limits one source at their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from member_access.recovery.codes import Channel, Purpose
from member_access.sessions.browser_families import BrowserFamily, Product, System
from member_access.sessions.item import sign_ins_from_item
from simulators.clock import NOON
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.audit_trail import audited
from tests.support.codes import last_code, wrong
from tests.support.interruption import once_before
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER, PARTNER = "A1234567", "B7654321"
FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"}
ELSEWHERE = "198.51.100.9"


def door_of(cloud: Cloud, value: str = "confirm", **parameters: str) -> FrontDoor:
    """The functions, and two members with an e-mail address."""
    door = FrontDoor(cloud, {"NewBrowser": value, **parameters})
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(PARTNER, email="partner@example.fr")
    return door


def code_of(door: FrontDoor, member: str = MEMBER) -> str:
    return last_code(door.cloud, member, Channel.EMAIL, Purpose.CONFIRM)


def asked(door: FrontDoor, member: str = MEMBER) -> Browser:
    """A new browser that is asked for a code."""
    browser = Browser(door)
    assert browser.sign_in(member).status == 202
    return browser


def facts(door: FrontDoor, name: str) -> list[dict[str, Any]]:
    """The events of one name, without who caused them."""
    return [{key: value for key, value in event.items() if key != "who"} for event in audited(door, name)]


def refused_for_a_while(reply: Reply) -> bool:
    wait: int = reply.body["retry_after"]
    return (reply.status, reply.code) == (429, "too-many-attempts") and wait > 0


def test_a_confirmed_browser_is_asked_for_a_code_passes_and_signs_in(cloud: Cloud) -> None:
    door = door_of(cloud)
    browser = asked(door)
    assert browser.post("/login/confirm", {"code": code_of(door)}, FIREFOX).status == 200

    names = ("second-step.asked", "second-step.taken", "login.succeeded")
    assert [facts(door, name) for name in names] == [
        [{"channel": "email", "opens": True, "sent": True}],
        [{"channel": "email", "opens": True}],
        [{"known_browser": False, "failures_before": 0}],
    ]
    (who,) = {tuple(event["who"].items()) for name in names for event in audited(door, name)}
    assert dict(who)["member"] == MEMBER
    (item,) = items(cloud, "SIGN_INS#")
    (known,) = sign_ins_from_item(item).browsers
    assert (known.family, known.since) == (BrowserFamily(Product.FIREFOX, System.WINDOWS), NOON)


def test_a_session_is_asked_for_a_code_and_gets_its_level(cloud: Cloud) -> None:
    door = door_of(cloud, "allow")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    browser.step_up()
    assert browser.step_up(code_of(door)).status == 200

    names = ("second-step.asked", "second-step.taken")
    assert [facts(door, name) for name in names] == [
        [{"channel": "email", "opens": False, "sent": True}],
        [{"channel": "email", "opens": False}],
    ]
    (who,) = {tuple(event["who"].items()) for name in names for event in audited(door, name)}
    assert dict(who)["member"] == MEMBER
    assert "__Host-confirm" not in browser.cookies


def test_wrong_and_spent_codes_name_the_member_and_a_strange_handle_no_one(cloud: Cloud) -> None:
    door = door_of(cloud)
    browser = asked(door)
    code = code_of(door)
    for _ in range(6):
        browser.confirm(wrong(code))
    Browser(door, cookies={"__Host-confirm": "0" * 32 + "." + "0" * 64}).confirm(code)

    assert facts(door, "code.rejected") == [{"channel": "email"}] * 5
    assert {event["who"]["member"] for event in audited(door, "code.rejected")} == {MEMBER}
    assert facts(door, "code.refused") == [{"limit": "tries"}, {"limit": "handle"}]
    assert [event["who"]["member"] for event in audited(door, "code.refused")] == [MEMBER, None]
    (who,) = audited(door, "second-step.asked")
    assert audited(door, "code.rejected")[0]["who"] == who["who"]


def test_wrong_codes_of_one_source_make_it_wait(cloud: Cloud) -> None:
    door = door_of(cloud, SourceFailures="3")
    first, code = asked(door), code_of(door)
    second, other = asked(door, PARTNER), code_of(door, PARTNER)
    for browser, right in ((first, code), (second, other), (first, code)):
        assert browser.confirm(wrong(right)).status == 401

    assert refused_for_a_while(first.confirm(code))
    (refused,) = audited(door, "code.refused")
    assert (refused["limit"], refused["who"]["member"]) == ("source", MEMBER)
    away = Browser(door, cookies=dict(first.cookies), source=ELSEWHERE)
    assert away.confirm(code).status == 200, "the refused code has cost no try"


def test_right_codes_of_one_source_do_not_count(cloud: Cloud) -> None:
    door = door_of(cloud, SourceFailures="1")
    for member in (MEMBER, PARTNER):
        assert asked(door, member).confirm(code_of(door, member)).status == 200


def test_a_source_that_meets_its_limit_meanwhile_is_refused_before_its_code_is_looked_at(cloud: Cloud) -> None:
    door = door_of(cloud, SourceFailures="1")
    first, code = asked(door), code_of(door)
    second, other = asked(door, PARTNER), code_of(door, PARTNER)
    once_before(cloud, "UpdateItem", lambda: second.confirm(wrong(other)))

    assert refused_for_a_while(first.confirm(code))
    assert facts(door, "code.refused") == [{"limit": "source"}]
    assert facts(door, "second-step.taken") == []


def test_of_two_right_codes_at_once_one_opens_a_session(cloud: Cloud) -> None:
    door = door_of(cloud)
    browser, code = asked(door), code_of(door)
    twin, replies = Browser(door, cookies=dict(browser.cookies)), []
    once_before(cloud, "TransactWriteItems", lambda: replies.append(twin.confirm(code)))
    replies.append(browser.confirm(code))

    assert [(reply.status, reply.body.get("code")) for reply in replies] == [(200, None), (401, "invalid-code")]
    assert facts(door, "code.rejected") == [{"channel": "email"}]
    assert audited(door, "code.rejected")[0]["who"]["member"] == MEMBER
    assert len(facts(door, "second-step.taken")) == len(facts(door, "login.succeeded")) == 1


def test_of_two_right_codes_at_once_one_raises_the_session(cloud: Cloud) -> None:
    door = door_of(cloud, "allow")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    browser.step_up()
    code = code_of(door)
    twin, replies = Browser(door, cookies=dict(browser.cookies)), []
    once_before(cloud, "TransactWriteItems", lambda: replies.append(twin.step_up(code)))
    replies.append(browser.step_up(code))

    assert [(reply.status, reply.body.get("code")) for reply in replies] == [(200, None), (401, "invalid-code")]
    assert facts(door, "code.rejected") == [{"channel": "email"}]
    assert audited(door, "code.rejected")[0]["who"]["member"] == MEMBER
    assert len(facts(door, "second-step.taken")) == 1


@pytest.mark.parametrize("value", ["allow", "confirm"])
def test_the_codes_of_one_source_use_up_its_share_of_the_day(cloud: Cloud, value: str) -> None:
    door = door_of(cloud, value, SourceEmailsADay="1")
    replies = []
    for member in (MEMBER, PARTNER):
        browser = Browser(door)
        reply = browser.sign_in(member)
        replies.append(browser.step_up() if value == "allow" else reply)

    assert replies[0].status == 202
    assert refused_for_a_while(replies[1])
    (refused,) = audited(door, "second-step.refused")
    assert (refused["limit"], refused["who"]["member"]) == ("source", PARTNER)
    assert refused["retry_after"] == replies[1].body["retry_after"]


def test_a_member_who_asks_too_often_is_refused_by_the_limit_of_requests(cloud: Cloud) -> None:
    door = door_of(cloud, EmailsADay="1")
    asked(door)
    door.clock.advance(60)
    reply = Browser(door).sign_in(MEMBER)

    assert refused_for_a_while(reply)
    (refused,) = audited(door, "second-step.refused")
    assert (refused["limit"], refused["who"]["member"]) == ("requests", MEMBER)
    assert refused["retry_after"] == reply.body["retry_after"]
