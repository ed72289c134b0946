"""A transaction that DynamoDB throttles is no refusal: no one is turned away for good, and nothing is lost.

DynamoDB cancels it with the reason ``ThrottlingError`` or ``ProvisionedThroughputExceeded`` of one write, and the SDK
does not repeat it (TransactWriteItems, "CancellationReasons").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.authenticator import Authenticator
from simulators.aws_calls import failing
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.members import import_members, member_row
from tests.support.passkeys import add_passkey, bearer, sign_in_with
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER = "A1234567"
BY_SCREEN = member_row(2, email="")


def throttled(cloud: Cloud, times: int | None = None, code: str = "ThrottlingError") -> AbstractContextManager[None]:
    """Let transactions be throttled at their last write."""
    return failing(cloud.dynamodb, "TransactWriteItems", "TransactionCanceledException", times, ("None", code))


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions, and a member with a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    return door


def signs_in(door: FrontDoor) -> Callable[[], Reply]:
    return lambda: Browser(door).sign_in(MEMBER)


def asks_for_a_letter(door: FrontDoor) -> Callable[[], Reply]:
    return lambda: Browser(door).post("/reset", {"identifier": MEMBER, "channel": "letter"})


def shows_the_identifier(door: FrontDoor) -> Callable[[], Reply]:
    import_members(door.cloud, BY_SCREEN)
    browser = Browser(door)
    person = {name: BY_SCREEN[name] for name in ("nir", "birth_date", "postcode")}
    body = {"challenge": browser.post("/identifier", person).body["challenge"], "iban_last6": BY_SCREEN["iban"][-6:]}
    return lambda: browser.post("/identifier/iban", body)


def signs_in_with_a_passkey(door: FrontDoor) -> Callable[[], Reply]:
    authenticator, browser = Authenticator(), Browser(door)
    add_passkey(browser, authenticator, bearer(browser, MEMBER))
    return lambda: sign_in_with(Browser(door), authenticator)


def adds_a_passkey(door: FrontDoor) -> Callable[[], Reply]:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    return lambda: add_passkey(browser, Authenticator(), headers)


def deletes_a_passkey(door: FrontDoor) -> Callable[[], Reply]:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    passkey = add_passkey(browser, Authenticator(), headers).body["id"]
    return lambda: browser.send("DELETE", f"/passkeys/{passkey}", headers=headers)


@pytest.mark.parametrize(
    ("prepared", "succeeds"),
    [
        (signs_in, 200),
        (asks_for_a_letter, 202),
        (shows_the_identifier, 200),
        (signs_in_with_a_passkey, 200),
        (adds_a_passkey, 201),
        (deletes_a_passkey, 204),
    ],
)
@pytest.mark.parametrize(
    "code", ["ThrottlingError", "ProvisionedThroughputExceeded", "ItemCollectionSizeLimitExceeded"]
)
def test_a_member_may_try_again_and_succeeds(
    door: FrontDoor, prepared: Callable[[FrontDoor], Callable[[], Reply]], succeeds: int, code: str
) -> None:
    act = prepared(door)
    with throttled(door.cloud, code=code):
        reply = act()

    assert (reply.status, reply.code) == (503, "try-later")
    assert act().status == succeeds


def test_a_passkey_stays_where_its_deletion_was_throttled(door: FrontDoor) -> None:
    act = deletes_a_passkey(door)
    with throttled(door.cloud):
        act()

    assert len(items(door.cloud, "PASSKEY#", "MembersTable")) == 1
    act()
    assert items(door.cloud, "PASSKEY#", "MembersTable") == []


def test_an_import_waits_for_a_throttled_table(cloud: Cloud) -> None:
    rows = [member_row(number) for number in range(1, 61)]
    with throttled(cloud, times=5):
        imported = import_members(cloud, *rows)

    assert imported.outcomes.total() == len(rows) == len(items(cloud, "MEMBER#", "MembersTable"))
    assert imported.refusals() == []
