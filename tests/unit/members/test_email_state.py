"""When an address gets e-mail again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.members.store import MEMBER, Members, member_from_item
from member_access.values.email_address import EmailAddress, EmailState
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from simulators.cloud import Cloud

NOW = Instant(1_800_000_000)
DAYS_90 = 90 * 86_400
IDENTIFIER, ADDRESS = Identifier("A1234567"), EmailAddress("member@example.fr")
PLAIN: Item = {name: value for name, value in MEMBER.item.items() if not name.startswith("email")}


def marked(state: str | None, age: int | None) -> Item:
    item: Item = {**PLAIN, "email": {"S": ADDRESS.reveal()}}
    if state:
        item["email_state"] = {"S": state}
    if age is not None:
        item["email_state_at"] = {"N": str(NOW - age)}
    return item


@pytest.mark.parametrize(
    ("state", "age", "works"),
    [
        (None, None, True),
        ("complained", 0, False),
        ("complained", DAYS_90 - 1, False),
        ("complained", DAYS_90, True),
        ("complained", None, False),
        ("bounced", 0, False),
        ("bounced", 10 * DAYS_90, False),
        ("bounced", None, False),
    ],
)
def test_a_complaint_ends_after_ninety_days_and_a_bounce_does_not(
    state: str | None, age: int | None, works: bool
) -> None:
    member = member_from_item(marked(state, age), NOW)
    assert member is not None
    assert (member.email == ADDRESS) == works


def test_no_item_is_no_member_and_no_address_is_no_email() -> None:
    member = member_from_item(PLAIN, NOW)
    assert (member_from_item(None, NOW), member and member.email) == (None, None)


@pytest.fixture
def stored(cloud: Cloud) -> Members:
    """The member with an address that works."""
    cloud.dynamodb.put_item(TableName=cloud.tables["MembersTable"], Item=marked(None, None))
    return Members(cloud.dynamodb, cloud.tables["MembersTable"])


def at(days: int) -> Instant:
    return Instant(NOW + days * 86_400)


def test_a_state_has_a_date_and_a_repeated_report_does_not_move_it(cloud: Cloud, stored: Members) -> None:
    assert stored.mark_email(IDENTIFIER, ADDRESS, EmailState.COMPLAINED, NOW)
    assert not stored.mark_email(IDENTIFIER, ADDRESS, EmailState.COMPLAINED, at(89))
    found = cloud.dynamodb.get_item(TableName=stored.table, Key={"pk": {"S": f"MEMBER#{IDENTIFIER}"}})["Item"]
    assert (found["email_state"]["S"], found["email_state_at"]["N"]) == ("complained", str(NOW))


@pytest.mark.parametrize("again", list(EmailState))
def test_a_complaint_that_has_ended_can_be_followed_by_another_report(stored: Members, again: EmailState) -> None:
    stored.mark_email(IDENTIFIER, ADDRESS, EmailState.COMPLAINED, NOW)
    assert stored.mark_email(IDENTIFIER, ADDRESS, again, at(90))


def test_a_bounce_is_marked_once_for_good(stored: Members) -> None:
    stored.mark_email(IDENTIFIER, ADDRESS, EmailState.BOUNCED, NOW)
    assert not stored.mark_email(IDENTIFIER, ADDRESS, EmailState.COMPLAINED, at(1000))


def test_another_address_is_not_marked(stored: Members) -> None:
    assert not stored.mark_email(IDENTIFIER, EmailAddress("other@example.fr"), EmailState.BOUNCED, NOW)
