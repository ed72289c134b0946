"""What the audit trail says of sign-ins with a passkey, and what becomes of one that something else overtakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.sessions.browser_families import BrowserFamily, Product, System
from member_access.sessions.item import sign_ins_from_item
from member_access.values.types import Instant
from simulators.authenticator import Authenticator
from simulators.clock import NOON
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.audit_trail import audited
from tests.support.interruption import once_before
from tests.support.passkeys import ORIGIN, add_passkey, bearer, sign_in_with, signed_challenge
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.sessions.records import KnownBrowser
    from simulators.cloud import Cloud

MEMBER, PASSKEY = "A1234567", "PASSKEY#"
FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"}
FIREFOX_ON_WINDOWS = BrowserFamily(Product.FIREFOX, System.WINDOWS)


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """A function, and one member with a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    return door


@pytest.fixture
def owner(door: FrontDoor) -> Browser:
    """The browser in which the member has signed in by PIN, and has added the passkey."""
    return Browser(door)


@pytest.fixture
def authenticator(owner: Browser) -> Authenticator:
    """An authenticator with a passkey of the member."""
    authenticator = Authenticator()
    assert add_passkey(owner, authenticator, bearer(owner, MEMBER)).status == 201
    return authenticator


def browsers(door: FrontDoor) -> tuple[KnownBrowser, ...]:
    (item,) = items(door.cloud, "SIGN_INS#")
    return sign_ins_from_item(item).browsers


def before_the_session_is_written(door: FrontDoor, happens: Callable[[], object]) -> None:
    once_before(door.cloud, "TransactWriteItems", happens, "SIGN_INS#", PASSKEY)


def delete(door: FrontDoor, prefix: str) -> None:
    for item in items(door.cloud, prefix, "MembersTable"):
        door.cloud.dynamodb.delete_item(TableName=door.cloud.tables["MembersTable"], Key={"pk": item["pk"]})


def test_a_passkey_in_a_new_browser_makes_it_known(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    assert browser.post("/login/passkey", signed_challenge(browser, authenticator), FIREFOX).status == 200

    (event,) = audited(door, "passkey.signed-in")
    (passkey,) = items(door.cloud, PASSKEY, "MembersTable")
    assert (event["who"]["member"], event["known_browser"]) == (MEMBER, False)
    assert passkey["pk"]["S"].endswith(event["passkey"])
    known = browsers(door)[-1]
    assert (known.family, known.since, known.used_at) == (FIREFOX_ON_WINDOWS, NOON, NOON)


def test_a_passkey_in_a_known_browser_uses_it(door: FrontDoor, owner: Browser, authenticator: Authenticator) -> None:
    device, (before,) = dict(owner.device_cookies), browsers(door)
    door.clock.advance(900)
    assert owner.post("/login/passkey", signed_challenge(owner, authenticator), FIREFOX).status == 200

    (event,) = audited(door, "passkey.signed-in")
    assert event["known_browser"] is True
    assert browsers(door) == (before._replace(used_at=Instant(NOON + 900), family=FIREFOX_ON_WINDOWS),)
    assert owner.device_cookies == device


def test_a_wrong_answer_names_no_member_before_its_passkey_is_found(
    door: FrontDoor, authenticator: Authenticator
) -> None:
    browser, stranger = Browser(door), Authenticator()
    other = Browser(door)
    spent = signed_challenge(browser, authenticator)
    browser.post("/login/passkey", spent)
    browser.post("/login/passkey", spent)
    assert add_passkey(other, stranger, bearer(other, MEMBER)).status == 201
    unknown = signed_challenge(browser, stranger)
    delete_all_but_the_first(door)
    browser.post("/login/passkey", unknown)
    authenticator.verifies_user = False
    sign_in_with(browser, authenticator)

    rejected = audited(door, "passkey.rejected")
    assert [(event["fault"], event["who"]["member"]) for event in rejected] == [
        ("challenge", None),
        ("unknown", None),
        ("signature", MEMBER),
    ]
    assert len({event["who"]["source"] for event in rejected}) == 1
    assert len({event["who"]["subject"] for event in rejected}) == 3, "each passkey by itself, and the member"


def delete_all_but_the_first(door: FrontDoor) -> None:
    first = audited(door, "passkey.added")[0]["passkey"]
    for item in items(door.cloud, PASSKEY, "MembersTable"):
        if not item["pk"]["S"].endswith(first):
            door.cloud.dynamodb.delete_item(TableName=door.cloud.tables["MembersTable"], Key={"pk": item["pk"]})


def test_a_source_over_its_limit_is_refused_without_a_name(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"SourceFailures": "1"})
    door.add_member(MEMBER, email="member@example.fr")
    browser, authenticator = Browser(door), Authenticator()
    assert add_passkey(browser, authenticator, bearer(browser, MEMBER)).status == 201
    authenticator.verifies_user = False

    assert [sign_in_with(browser, authenticator).status for _ in range(2)] == [401, 429]
    (refused,) = audited(door, "passkey.refused")
    assert (refused["limit"], refused["who"]["member"]) == ("source", None)
    (rejected,) = audited(door, "passkey.rejected")
    assert refused["who"]["source"] == rejected["who"]["source"]


@pytest.mark.parametrize("prefix", [PASSKEY, "MEMBER#"])
def test_a_passkey_or_a_member_that_goes_meanwhile_signs_no_one_in(
    door: FrontDoor, authenticator: Authenticator, prefix: str
) -> None:
    before_the_session_is_written(door, lambda: delete(door, prefix))
    browser = Browser(door)
    reply = sign_in_with(browser, authenticator)

    assert (reply.status, reply.code) == (401, "invalid-credentials")
    (rejected,) = audited(door, "passkey.rejected")
    assert (rejected["fault"], rejected["who"]["member"]) == ("gone", MEMBER)
    assert "__Host-session" not in browser.cookies


def test_the_passkey_of_a_member_who_is_gone_signs_no_one_in(door: FrontDoor, authenticator: Authenticator) -> None:
    delete(door, "MEMBER#")

    assert sign_in_with(Browser(door), authenticator).status == 401
    (rejected,) = audited(door, "passkey.rejected")
    assert (rejected["fault"], rejected["who"]["member"]) == ("unknown", None)


def test_an_authenticator_may_leave_its_handle_out(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    signed = signed_challenge(browser, authenticator)
    del signed["response"]["userHandle"]

    assert browser.post("/login/passkey", signed).status == 200


def test_the_id_that_a_browser_names_is_that_of_its_passkey(door: FrontDoor, owner: Browser) -> None:
    headers = bearer(owner, MEMBER)
    made = Authenticator().create(owner.post("/passkeys/options", headers=headers).body, ORIGIN)
    reply = owner.post("/passkeys", {"credential": {**made, "id": f"{made['id']}AAAA"}}, headers)

    assert (reply.status, reply.code) == (422, "passkey-not-added")


def test_another_sign_in_meanwhile_stops_no_passkey(
    door: FrontDoor, owner: Browser, authenticator: Authenticator
) -> None:
    before_the_session_is_written(door, lambda: owner.sign_in(MEMBER))

    assert sign_in_with(Browser(door), authenticator).status == 200
    (item,) = items(door.cloud, "SIGN_INS#")
    assert len(sign_ins_from_item(item).sessions) == 3
    assert len(audited(door, "passkey.signed-in")) == 1


def test_the_first_count_is_good_once(door: FrontDoor, authenticator: Authenticator) -> None:
    authenticator.counts = True
    authenticator.sign_count = 0
    assert sign_in_with(Browser(door), authenticator).status == 200
    assert authenticator.sign_count == 1
    authenticator.sign_count = 0
    assert sign_in_with(Browser(door), authenticator).status == 401
    (cloned,) = audited(door, "passkey.cloned")
    (added,) = audited(door, "passkey.added")
    assert (cloned["who"]["member"], cloned["passkey"]) == (MEMBER, added["passkey"])
