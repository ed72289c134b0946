"""Loads by AWS: the functions as the state machine of the template calls them, killed at any call of AWS."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bulk_import.load_objects import LoadObjects, file_key, report_key
from member_access.errors import InvalidValue
from simulators.buckets import BUCKET
from tests.support.loads import LOAD, Loads
from tests.support.members import (
    assert_identities_lead_to_their_members,
    import_members,
    member_row,
    members,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud
    from simulators.step_functions import Execution
    from tests.support.members import Row, Table
    from tests.support.moto_aws import MotoAws


def moved(number: int, to: int) -> Row:
    """A member with the identity of another one."""
    other = member_row(to)
    return member_row(number, nir=other["nir"], birth_date=other["birth_date"], postcode=other["postcode"])


BEFORE = [member_row(number) for number in range(1, 13)]
FILE: list[Row | str] = [
    member_row(1, town="LYON"),
    *(moved(number, number + 1) for number in (2, 3, 4, 5)),
    moved(6, 101),
    member_row(7),
    moved(8, 9),
    moved(9, 8),
    moved(10, 11) | {"email": "néant"},
    *(member_row(number) for number in range(20, 33)),
    member_row(20, town="TWICE"),
    member_row(40, nir=member_row(21)["nir"]),
    member_row(41, postcode="7501"),
    "broken",
    member_row(42, email="néant"),
]
"""Changed, unchanged and new members; four who move along a chain; two who swap; one whose identity stays another's.

Two have no e-mail address that could be used: one is loaded with a remark, the other is rejected in the end.
"""


@pytest.fixture(scope="module")
def expected(moto: MotoAws) -> tuple[dict[str, int], str, Table]:
    """The counts, the report in the order of the file and the table after ``ops import``."""
    with moto.cloud() as other:
        import_members(other, *BEFORE)
        done = import_members(other, *FILE)
        header, *rows = done.report.splitlines(keepends=True)
        report = header + "".join(sorted(rows, key=lambda row: int(row.partition(",")[0])))
        return {outcome.value: count for outcome, count in done.outcomes.items()}, report, table(other)


def test_a_load_ends_as_the_import_of_the_same_file(cloud: Cloud, expected: tuple[dict[str, int], str, Table]) -> None:
    counts, report, after = expected
    import_members(cloud, *BEFORE)
    loads = Loads(cloud)

    execution = loads.load(*FILE)

    assert execution.status == "SUCCEEDED"
    assert {name: count for name, count in loads.counts().items() if count} == counts
    assert loads.report() == report
    assert loads.outcome()["remarked"] == 1
    assert table(cloud) == after
    assert_identities_lead_to_their_members(cloud)


@contextmanager
def counted_writes(cloud: Cloud) -> Iterator[Counter[str]]:
    """How often each member is written, until the end of the block; a rejected write does not count."""
    written: Counter[str] = Counter()
    asked: list[str] = []

    def note(params: dict[str, Any], **_: object) -> None:
        parts = [request for part in params.get("TransactItems", ()) for request in part.values()]
        keys = [(one.get("Key") or one["Item"])["pk"]["S"] for one in (parts or [params])]
        asked[:] = [key for key in keys if key.startswith("MEMBER#")]

    def done(parsed: dict[str, Any], **_: object) -> None:
        if "Error" not in parsed:
            written.update(asked)

    events = cloud.dynamodb.meta.events
    operations = ("TransactWriteItems", "UpdateItem")
    for operation in operations:
        events.register_first(f"before-parameter-build.dynamodb.{operation}", note)
        events.register_first(f"after-call.dynamodb.{operation}", done)
    try:
        yield written
    finally:
        for operation in operations:
            events.unregister(f"before-parameter-build.dynamodb.{operation}", note)
            events.unregister(f"after-call.dynamodb.{operation}", done)


def ended(loads: Loads, execution: Execution) -> Execution:
    """Redrive an execution until it ends well, as an operator does."""
    while execution.status == "FAILED":
        loads.engine.redrive(execution)
    return execution


KILLS = [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]


@pytest.mark.parametrize("seed", KILLS)
def test_functions_killed_at_any_call_repeat_no_row(
    expected: tuple[dict[str, int], str, Table], cloud: Cloud, seed: int
) -> None:
    counts, report, after = expected
    import_members(cloud, *BEFORE)
    loads = Loads(cloud, seed)

    with counted_writes(cloud) as written, loads.kills(0.02):
        ended(loads, loads.load(*FILE))

    assert loads.killed > 10
    assert set(written.values()) == {1}
    assert {name: count for name, count in loads.counts().items() if count} == counts
    assert loads.report() == report
    assert table(cloud) == after


def test_a_failed_load_is_continued_where_it_failed(cloud: Cloud) -> None:
    loads = Loads(cloud)
    rows = [member_row(number) for number in range(12)]

    with loads.kills(1, of="ImportLoadFunction", after=40):
        execution = loads.load(*rows)
    assert execution.status == "FAILED"
    half = set(members(cloud))
    with counted_writes(cloud) as written:
        loads.engine.redrive(execution)

    assert 0 < len(half) < 12
    assert execution.status == "SUCCEEDED"
    assert {key.removeprefix("MEMBER#") for key in written} == set(members(cloud)) - half
    assert loads.counts() == {"new": 12, "changed": 0, "unchanged": 0, "rejected": 0}


def test_a_second_load_of_the_same_file_writes_nothing(cloud: Cloud) -> None:
    loads = Loads(cloud)
    rows = [member_row(number) for number in range(7)]
    loads.load(*rows)
    before = table(cloud)

    with cloud.recorded_calls() as log:
        loads.load(*rows, load=f"{'0' * 40}-2")

    reading = {"dynamodb:BatchGetItem", "kms:GenerateMac"}
    assert {call.operation for call in log.calls if not call.operation.startswith("s3:")} == reading
    assert loads.counts(f"{'0' * 40}-2") == {"new": 0, "changed": 0, "unchanged": 7, "rejected": 0}
    assert table(cloud) == before


def test_no_member_s_data_enter_a_state_or_a_history(cloud: Cloud) -> None:
    loads = Loads(cloud)

    execution = loads.load(*FILE)

    texts = [*execution.seen]
    assert len(texts) > 20
    data = {value for row in FILE if isinstance(row, dict) for value in row.values() if len(value) > 3}
    assert [text for text in texts for value in data if value in text] == []
    words = {word for text in texts for word in re.findall(r'"(\w+)"', text)}
    assert words <= {"load", "strict", "range", "round", "again", "ranges", "done"}


def test_the_file_goes_when_it_is_loaded_and_the_report_stays(cloud: Cloud) -> None:
    Loads(cloud).load(member_row())

    kept = {key.partition("/")[0] for key in cloud.bucket.objects}
    assert kept == {"loads", "reports"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "The file is empty."), (b"PK\x03\x04xl/workbook.xml", "Excel workbook"), (b"identifier\n1\n", "lacks")],
)
def test_a_file_that_cannot_be_read_ends_the_load_with_the_reason(cloud: Cloud, content: bytes, reason: str) -> None:
    loads = Loads(cloud)

    execution = loads.load_file(content)

    assert execution.status == "SUCCEEDED"
    assert reason in loads.outcome()["unreadable"]
    assert report_key(LOAD) not in cloud.bucket.objects
    assert file_key(LOAD) not in cloud.bucket.objects


def test_a_header_alone_is_a_load_of_no_row(cloud: Cloud) -> None:
    loads = Loads(cloud)

    assert loads.load().status == "SUCCEEDED"
    assert set(loads.counts().values()) == {0}


def test_a_worker_that_judges_otherwise_than_the_first_step_loads_nothing(cloud: Cloud) -> None:
    loads = Loads(cloud)
    loads.parameters["ImportLoadFunction"] = {"IdentifierPattern": "^B[0-9]{7}$"}

    execution = loads.load(member_row())

    assert (execution.status, execution.error) == ("FAILED", "OtherRules")
    assert members(cloud) == {}


@pytest.mark.parametrize("load", ["", "../reports/x", f"{'0' * 40}", f"{'0' * 40}-0", f"{'0' * 40}-1/x"])
def test_a_load_is_named_by_digits_alone(cloud: Cloud, load: str) -> None:
    with pytest.raises(InvalidValue):
        LoadObjects(cloud.s3, BUCKET, load)


def test_a_strict_load_rejects_rows_with_remarks(cloud: Cloud) -> None:
    loads = Loads(cloud)

    loads.load(member_row(1, email="néant"), member_row(2), strict=True)

    assert loads.counts() == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 1}
    assert "2,A0000001,rejected," in loads.report()
