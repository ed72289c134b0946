"""Imports that meet on the same members."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from bulk_import.row_writer import Outcome
from tests.support.members import (
    assert_identities_lead_to_their_members,
    import_members,
    member_row,
    members,
)
from tests.support.parts import ON_DYNAMODB_LOCAL

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from tests.support.members import Imported, Row

WORKERS = 16
MEMBERS = 60


def import_at_once(cloud: Cloud, *files: list[Row]) -> list[Imported]:
    start = Barrier(len(files))

    def run(file: list[Row]) -> Imported:
        start.wait()
        return import_members(cloud, *file, workers=WORKERS)

    with ThreadPoolExecutor(len(files)) as threads:
        return list(threads.map(run, files))


def test_many_workers_load_every_member_once(cloud: Cloud) -> None:
    file = [member_row(number) for number in range(MEMBERS)]
    first = import_members(cloud, *file, workers=WORKERS)
    second = import_members(cloud, *file, workers=WORKERS)
    assert first.outcomes == {Outcome.NEW: MEMBERS}
    assert second.outcomes == {Outcome.UNCHANGED: MEMBERS}
    assert_identities_lead_to_their_members(cloud)


@ON_DYNAMODB_LOCAL
def test_of_two_imports_of_one_file_at_once_each_member_is_new_to_one(cloud: Cloud) -> None:
    file = [member_row(number) for number in range(MEMBERS)]
    outcomes = sum((run.outcomes for run in import_at_once(cloud, file, file)), Counter[Outcome]())
    assert outcomes == {Outcome.NEW: MEMBERS, Outcome.UNCHANGED: MEMBERS}
    assert len(members(cloud)) == MEMBERS
    assert_identities_lead_to_their_members(cloud)


@ON_DYNAMODB_LOCAL
def test_two_imports_that_give_one_identity_to_two_members_give_it_to_one(cloud: Cloud) -> None:
    first = [member_row(number) for number in range(MEMBERS)]
    second = [{**row, "identifier": row["identifier"].replace("A", "B")} for row in first]
    outcomes = sum((run.outcomes for run in import_at_once(cloud, first, second)), Counter[Outcome]())
    assert outcomes == {Outcome.NEW: MEMBERS, Outcome.REJECTED: MEMBERS}
    assert_identities_lead_to_their_members(cloud)


@ON_DYNAMODB_LOCAL
def test_two_imports_that_change_one_member_leave_it_whole(cloud: Cloud) -> None:
    before = [member_row(number) for number in range(MEMBERS)]
    import_members(cloud, *before, workers=WORKERS)
    here, there = ([{**row, "postcode": postcode} for row in before] for postcode in ("69003", "44000"))
    import_at_once(cloud, here, there)
    assert {member["postcode"] for member in members(cloud).values()} <= {"69003", "44000"}
    assert len(members(cloud)) == MEMBERS
    assert_identities_lead_to_their_members(cloud)
