"""Members whom a full file lacks: listed, and removed on demand."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from bulk_import.row_writer import Obstacle
from member_access.members.removal import MemberRemoval
from member_access.members.tombstones import Tombstone
from member_access.values.types import Identifier, Instant
from simulators.sign_in_driver import PIN, Browser, FrontDoor
from tests.flows.test_import_command import STACK, Ended, Operator, operator
from tests.support.members import (
    NOW,
    assert_identities_lead_to_their_members,
    import_members,
    member_row,
    members,
    table,
    tombstone_keys,
)
from tests.support.passkeys import add_passkey_by_hand

if TYPE_CHECKING:
    from simulators.cloud import Cloud

__all__ = ["operator"]

ROWS = [member_row(number) for number in range(1, 21)]
LAST = "A0000020"


def missing(operator: Operator) -> list[str]:
    listed = operator.file.with_name("members.csv.missing.csv")
    with listed.open(encoding="utf-8") as handle:
        return sorted(row["identifier"] for row in csv.DictReader(handle))


def removes(operator: Operator, *options: str) -> Ended:
    return operator.imports("--remove-missing", *options, "--stack", STACK)


@pytest.fixture
def loaded(cloud: Cloud, operator: Operator) -> Operator:
    """An operator whose stack has twenty members, and whose file lacks the last."""
    import_members(cloud, *ROWS)
    operator.saves(*ROWS[:-1])
    return operator


def test_an_import_without_options_neither_lists_nor_removes(loaded: Operator, cloud: Cloud) -> None:
    assert loaded.imports().status == 0
    assert LAST in members(cloud)
    assert not loaded.file.with_name("members.csv.missing.csv").exists()


def test_missing_members_are_listed_and_stay(loaded: Operator, cloud: Cloud) -> None:
    ended = loaded.imports("--list-missing", "--stack", STACK)
    assert ended.status == 0
    assert f"The file lacks 1 of 20 members (5.0 %): {loaded.file}.missing.csv" in ended.out
    assert missing(loaded) == [LAST]
    assert LAST in members(cloud)


def test_missing_members_are_removed_after_a_confirmation(loaded: Operator, cloud: Cloud) -> None:
    ended = removes(loaded, "--yes")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.endswith("Members removed: 1.\n")
    assert LAST not in members(cloud)
    assert table(cloud)[tombstone_keys(cloud).of(Identifier(LAST))].keys() == {"credential_version", "removed_at"}
    assert_identities_lead_to_their_members(cloud)
    assert removes(loaded, "--yes").out.endswith(f"The file lacks 0 of 19 members (0.0 %): {loaded.file}.missing.csv\n")


def test_without_a_terminal_and_without_yes_no_one_is_removed(loaded: Operator, cloud: Cloud) -> None:
    ended = removes(loaded)
    assert ended.status == 1
    assert ended.err == "No member was removed: the removal was not confirmed (--yes confirms it).\n"
    assert LAST in members(cloud)


def test_more_missing_members_than_the_ceiling_all_stay(loaded: Operator, cloud: Cloud) -> None:
    loaded.saves(*ROWS[:15])
    ended = removes(loaded, "--yes")
    assert ended.status == 1
    assert "more than 5 % are missing" in ended.err
    assert len(members(cloud)) == 20
    assert removes(loaded, "--yes", "--ceiling", "25").status == 0
    assert len(members(cloud)) == 15


def test_a_member_whose_row_is_rejected_is_not_missing(loaded: Operator, cloud: Cloud) -> None:
    loaded.saves(*ROWS[:-1], {**ROWS[-1], "town": ""})
    ended = removes(loaded, "--yes")
    assert ended.status == 1
    assert "lacks 0 of 20" in ended.out
    assert LAST in members(cloud)


def test_a_row_without_a_readable_identifier_keeps_everyone(loaded: Operator, cloud: Cloud) -> None:
    loaded.saves(*ROWS[:-1], {**ROWS[-1], "identifier": "?"})
    ended = removes(loaded, "--yes")
    assert ended.status == 1
    assert "1 rows have no readable identifier" in ended.err
    assert LAST in members(cloud)


def test_a_member_who_comes_back_has_nothing_of_before(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    import_members(cloud, member_row(1))
    door.give_pin("A0000001")
    browser = Browser(door)
    assert browser.sign_in("A0000001").status == 200
    removal = MemberRemoval(cloud.dynamodb, cloud.tables["MembersTable"], tombstone_keys(cloud))
    assert removal.remove(Identifier("A0000001"), door.clock())

    assert browser.refresh().status == 401
    import_members(cloud, member_row(1))
    version = int(members(cloud)["A0000001"]["credential_version"])
    assert version >= int(table(cloud)[tombstone_keys(cloud).of(Identifier("A0000001"))]["credential_version"])
    assert browser.sign_in("A0000001", PIN).status in {401, 429}
    assert browser.refresh().status == 401


def test_a_passkey_that_comes_in_the_middle_of_a_removal_goes_too(cloud: Cloud) -> None:
    import_members(cloud, member_row(1))
    removal = MemberRemoval(cloud.dynamodb, cloud.tables["MembersTable"], tombstone_keys(cloud))
    coming = iter(["A0000001"])

    def add_once(**_: object) -> None:
        for identifier in coming:
            add_passkey_by_hand(cloud, identifier)

    cloud.dynamodb.meta.events.register_first("before-call.dynamodb.TransactWriteItems", add_once)
    assert removal.remove(Identifier("A0000001"), NOW)
    assert not [key for key in table(cloud) if key.startswith("PASSKEY")]


def test_removing_again_changes_nothing(cloud: Cloud) -> None:
    import_members(cloud, member_row(1), member_row(2))
    removal = MemberRemoval(cloud.dynamodb, cloud.tables["MembersTable"], tombstone_keys(cloud))
    assert removal.remove(Identifier("A0000001"), NOW)
    before = table(cloud)
    assert not removal.remove(Identifier("A0000001"), NOW)
    assert table(cloud) == before


def test_an_import_keeps_an_erased_person_out_until_the_date(cloud: Cloud) -> None:
    erased = Identifier("A0000002")
    until = Tombstone(7, NOW, Instant(NOW + 1)).to_attributes()
    cloud.dynamodb.put_item(
        TableName=cloud.tables["MembersTable"], Item={"pk": {"S": tombstone_keys(cloud).of(erased)}, **until}
    )
    imported = import_members(cloud, member_row(1), member_row(2), member_row(3))
    assert imported.refusals() == [(3, erased, Obstacle.KEPT_OUT.value)]
    assert members(cloud).keys() == {"A0000001", "A0000003"}

    cloud.dynamodb.put_item(
        TableName=cloud.tables["MembersTable"],
        Item={"pk": {"S": tombstone_keys(cloud).of(erased)}, **Tombstone(7, NOW, NOW).to_attributes()},
    )
    assert not import_members(cloud, member_row(2)).refusals()
    assert members(cloud)[erased]["credential_version"] == "7"

    removal = MemberRemoval(cloud.dynamodb, cloud.tables["MembersTable"], tombstone_keys(cloud))
    assert removal.remove(erased, NOW)
    left = table(cloud)[tombstone_keys(cloud).of(erased)]
    assert left.keys() == {"credential_version", "removed_at"}, "the time of the erasure is over"
    assert int(left["credential_version"]) > 7
