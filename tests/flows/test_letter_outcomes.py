"""The outcome of the latest letter on the member's record."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from member_access.members.store import LetterOutcome, Members
from member_access.values.types import Identifier, Instant
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = Identifier("A1234567")
OLDER, NEWER = Instant(1_800_000_000), Instant(1_800_700_000)
REJECTED, POSTED, UNDELIVERED = LetterOutcome


@pytest.fixture
def members(cloud: Cloud) -> Members:
    cloud.dynamodb.put_item(TableName=cloud.tables["MembersTable"], Item={"pk": {"S": f"MEMBER#{MEMBER}"}})
    return Members(cloud.dynamodb, cloud.tables["MembersTable"])


def noted(cloud: Cloud) -> tuple[str, int, int]:
    key = {"pk": {"S": f"MEMBER#{MEMBER}"}}
    item = cloud.dynamodb.get_item(TableName=cloud.tables["MembersTable"], Key=key)["Item"]
    return item["letter_state"]["S"], int(item["letter_requested_at"]["N"]), int(item["letter_state_at"]["N"])


@pytest.mark.parametrize("order", list(permutations(LetterOutcome)))
def test_the_furthest_outcome_stays_in_any_order(
    cloud: Cloud, members: Members, order: tuple[LetterOutcome, ...]
) -> None:
    for number, outcome in enumerate(order):
        members.record_letter(MEMBER, outcome, requested_at=OLDER, now=Instant(OLDER + number))
    assert noted(cloud) == (UNDELIVERED, OLDER, OLDER + order.index(UNDELIVERED))


def test_an_outcome_reported_twice_is_noted_once(cloud: Cloud, members: Members) -> None:
    for now in (Instant(OLDER + 5), Instant(OLDER + 9)):
        members.record_letter(MEMBER, REJECTED, requested_at=OLDER, now=now)
    assert noted(cloud) == (REJECTED, OLDER, OLDER + 5)


@pytest.mark.parametrize("older", LetterOutcome)
@pytest.mark.parametrize("newer", LetterOutcome)
def test_a_newer_letter_counts_over_any_older_one(
    cloud: Cloud, members: Members, older: LetterOutcome, newer: LetterOutcome
) -> None:
    members.record_letter(MEMBER, older, requested_at=OLDER, now=NEWER)
    members.record_letter(MEMBER, newer, requested_at=NEWER, now=NEWER)
    members.record_letter(MEMBER, older, requested_at=OLDER, now=Instant(NEWER + 1))
    assert noted(cloud) == (newer, NEWER, NEWER)


def test_nothing_is_noted_of_a_member_who_is_gone(cloud: Cloud) -> None:
    table = cloud.tables["MembersTable"]
    Members(cloud.dynamodb, table).record_letter(MEMBER, POSTED, requested_at=OLDER, now=OLDER)
    assert items(cloud, table="MembersTable") == []
