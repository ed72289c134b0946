"""Sources: what one caller can multiply counts as one, and is counted before anything is looked at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from simulators.aws_calls import failing
from simulators.consumption import item_size
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.interruption import once_before
from tests.support.table import items

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER = "A1234567"
SIX_DIGITS = {"identifier": "UNKNOWN99", "code": "482913"}
DAY = 86_400


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions, and a member."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    return door


def guess(browser: Browser, number: int) -> Reply:
    """Guess once at an identifier of its own."""
    return browser.sign_in(f"STRANGER{number:03}", OTHER_PIN)


def search(browser: Browser, number: int) -> Reply:
    """Search once for an identifier, by a social-security number of its own."""
    data = {"nir": f"1850375116{number:03}", "birth_date": "1985-03-14", "postcode": "75011"}
    return browser.post("/identifier", data)


def claims(item: Item) -> list[int]:
    """The claims of all networks that an item counts."""
    return [int(value["N"]) for name, value in item.items() if name not in {"pk", "expires_at"}]


def looked_at(door: FrontDoor) -> int:
    return len(door.events("login.failed"))


@pytest.mark.parametrize(
    ("sources", "limit"),
    [
        ([f"2001:db8:1:1::{one:x}" for one in range(1, 13)], 30),
        ([f"2001:db8:1:{one:x}::1" for one in range(1, 13)], 60),
        ([f"2001:db8:1:{one:x}00::1" for one in range(1, 13)], 120),
        (["192.0.2.1", "::ffff:192.0.2.1", "64:ff9b::192.0.2.1", "2002:c000:201::1"], 30),
    ],
    ids=["/64", "/56", "/48", "IPv4 inside IPv6"],
)
def test_networks_of_one_subscriber_share_a_limit(door: FrontDoor, sources: list[str], limit: int) -> None:
    for number in range(150):
        guess(Browser(door, source=sources[number % len(sources)]), number)
    assert looked_at(door) == limit


@pytest.mark.slow
def test_networks_of_two_sites_do_not(door: FrontDoor) -> None:
    for site in ("2001:db8:1", "2001:db8:2"):
        for number in range(40):
            guess(Browser(door, source=f"{site}::1"), number)
    assert looked_at(door) == 60


@pytest.mark.slow
def test_a_success_takes_its_claim_back(door: FrontDoor) -> None:
    for source in ("192.0.2.1", "2001:db8::1"):
        for _ in range(40):
            assert Browser(door, source=source).sign_in(MEMBER).status == 200
    of_ipv4, of_ipv6 = sorted((claims(item) for item in items(door.cloud, "SOURCE#")), key=len)
    assert (of_ipv4, of_ipv6) == ([0], [0, 0, 0])


def test_the_networks_of_a_site_share_one_item_that_stays_small(door: FrontDoor) -> None:
    for number in range(130):
        guess(Browser(door, source=f"2001:db8:1:{number:02x}{number:02x}::1"), number)
    (item,) = items(door.cloud, "SOURCE#")
    assert Counter(claims(item)) == {1: 240, 120: 1}
    assert item_size(item) < 4 * 1024, "one unit to read, four to write"


def test_a_known_browser_neither_uses_nor_needs_its_source(door: FrontDoor) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    for number in range(31):
        guess(Browser(door), number)
    assert guess(Browser(door), 99).status == 429
    before = items(door.cloud, "SOURCE#")
    assert known.sign_in(MEMBER, OTHER_PIN).status == 401
    assert known.sign_in(MEMBER).status == 200
    assert items(door.cloud, "SOURCE#") == before


def test_a_source_is_one_in_all_functions(door: FrontDoor) -> None:
    browser = Browser(door)
    for number in range(10):
        guess(browser, number)
        search(browser, number)
        browser.post("/reset/verify", {"identifier": f"UNKNOWN{number:02}", "code": "482913"})
    refused = [
        browser.sign_in("UNKNOWN98"),
        search(browser, 98),
        browser.post("/identifier/iban", {"challenge": "0" * 64, "iban_last6": "ABC123"}),
        browser.post("/reset", {"identifier": "UNKNOWN98"}),
        browser.post("/reset/verify", SIX_DIGITS),
    ]
    assert {reply.code for reply in refused} == {"too-many-attempts"}
    assert {event["audit"]["who"]["source"] for event in door.events() if "audit" in event} == {
        door.pseudonyms().of_source("192.0.2.1")[0]
    }


def test_a_source_over_its_limit_uses_up_no_guess_of_a_member(door: FrontDoor, cloud: Cloud) -> None:
    for number in range(29):
        guess(Browser(door), number)
    stale = Browser(door)
    once_before(cloud, "UpdateItem", lambda: guess(Browser(door), 30))
    reply = stale.sign_in(MEMBER, OTHER_PIN)
    assert (reply.status, looked_at(door)) == (429, 30)
    assert reply.body["retry_after"] > 60
    elsewhere = Browser(door, source="198.51.100.7")
    assert [elsewhere.sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]


def test_a_source_may_ask_for_three_letters_a_day(door: FrontDoor) -> None:
    browser = Browser(door)

    def ask(number: int) -> Reply:
        return browser.post("/reset", {"identifier": f"UNKNOWN{number:02}", "channel": "letter"})

    assert [ask(number).status for number in range(3)] == [202, 202, 202]
    refused = ask(3)
    assert (refused.status, refused.code) == (429, "too-many-attempts")
    assert refused.body["retry_after"] == DAY - door.clock.time % DAY
    assert ask(2).status == 202, "a letter that is under way costs nothing"
    door.clock.advance(refused.body["retry_after"])
    assert ask(3).status == 202


def test_a_source_may_cause_a_hundred_emails_a_day(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"SourceEmailsADay": "5", "EmailSharePercent": "100"})
    door.add_member(MEMBER)
    browser = Browser(door)
    answers = [browser.post("/reset", {"identifier": f"UNKNOWN{number:02}"}).status for number in range(3)]
    searches = [search(browser, number).status for number in range(3)]
    assert answers == [202] * 3
    assert searches == [200, 200, 429]
    assert browser.sign_in(MEMBER, PIN).status == 200


def test_a_write_that_meets_a_transaction_is_made_again(door: FrontDoor, cloud: Cloud) -> None:
    """DynamoDB rejects a single write of an item that a transaction is writing (TransactionConflictException)."""
    with failing(cloud.dynamodb, "UpdateItem", "TransactionConflictException", times=2):
        assert Browser(door).sign_in(MEMBER).status == 200
    with failing(cloud.dynamodb, "UpdateItem", "TransactionConflictException"):
        reply = Browser(door).sign_in(MEMBER)
    assert (reply.status, reply.code) == (503, "try-later")
