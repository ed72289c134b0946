"""The import of files of any size, in memory that does not grow with them.

KMS and DynamoDB are stood in for by two classes that keep nothing, for moto keeps every item in this same memory.
"""

from __future__ import annotations

import hashlib
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from bulk_import.find_ranges import find_ranges
from bulk_import.load_objects import LoadObjects, file_key
from bulk_import.load_plan import MOST_ROWS
from bulk_import.member_import import ImportRules
from bulk_import.member_store import IdentityTaken, MemberRecord, MemberStore
from bulk_import.range_load import RangeLoad
from bulk_import.row_writer import RowWriter
from member_access.members.keyed_hashes import IbanHash, IdentityHash, KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.values.types import Identifier
from ops.import_files import report_path
from simulators.buckets import BUCKET, FakeBucket
from tests.support.members import NOW, csv_line, import_with, member_row, members_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from member_access.members.pseudonyms import Pseudonym
    from member_access.members.tombstones import Tombstone
    from member_access.values.birth_date import BirthDate
    from member_access.values.iban_last_six import IbanLastSix
    from member_access.values.nir import Nir
    from member_access.values.postcode import Postcode

WORKERS = 4


class QuickHashes(KeyedHashes):
    """Hashes without KMS."""

    def __init__(self) -> None:
        self.key_arn = "a key"

    def of_identity(self, nir: Nir, birth_date: BirthDate, postcode: Postcode) -> IdentityHash:
        return IdentityHash(hashlib.sha256(f"{nir.reveal()}{birth_date.reveal()}{postcode.text}".encode()).hexdigest())

    def of_iban(self, whose: Identifier | Pseudonym, last_six: IbanLastSix) -> IbanHash:
        return IbanHash(hashlib.sha256(f"{whose}{last_six.reveal()}".encode()).hexdigest())


class ForgetfulStore(MemberStore):
    """A table that takes everything and keeps nothing."""

    def __init__(self) -> None:
        pass

    def fetch(self, _: Sequence[Identifier]) -> dict[Identifier, dict[str, str]]:
        return {}

    def fetch_removed(self, _: Sequence[Identifier]) -> dict[Identifier, Tombstone]:
        return {}

    def add(self, records: Sequence[MemberRecord], removed: Mapping[Identifier, Tombstone]) -> None:
        del records, removed


class FullStore(ForgetfulStore):
    """A table in which every identity belongs to another member."""

    def add(self, records: Sequence[MemberRecord], removed: Mapping[Identifier, Tombstone]) -> None:
        del records, removed
        raise IdentityTaken


def save(file: Path, size: int) -> None:
    """A file of so many rows, every second one refused."""
    good = csv_line(member_row(identifier="A[number]", nir="1850375[number]", iban=""))
    lines = (good, good.replace("75011", "7501"))
    with file.open("w", encoding="utf-8") as opened:
        opened.write(members_csv().decode())
        for number in range(size):
            opened.write(lines[number % 2].replace("[number]", f"{number:06}"))


def peak_of_import(store: MemberStore, folder: Path, size: int) -> int:
    """The most bytes that Python held at once while it imported so many rows."""
    file = folder / f"{size}.csv"
    save(file, size)
    with file.open("rb") as opened, report_path(file).open("w") as report:
        tracemalloc.start()
        try:
            outcomes = import_with(store, QuickHashes(), OwnDataHasher(b"a key"), opened, report, workers=WORKERS)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert outcomes.total() == size
    return peak


@pytest.mark.slow
def test_ten_thousand_rows_take_no_more_memory_than_two_thousand(tmp_path: Path) -> None:
    few, many = (peak_of_import(ForgetfulStore(), tmp_path, size) for size in (2_000, 10_000))
    assert many < 1.1 * few


@pytest.mark.slow
def test_rows_that_are_tried_again_at_the_end_take_no_more_memory(tmp_path: Path) -> None:
    few, many = (peak_of_import(FullStore(), tmp_path, size) for size in (1_500, 3_500))
    assert many < 1.1 * few


def peak_of(work: Callable[[], object]) -> int:
    """The most bytes that Python held at once while it did some work."""
    tracemalloc.start()
    try:
        work()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak


def peaks_of_a_load(size: int) -> tuple[int, int]:
    """The same of the first step of a load by AWS, and of the worker of its first range."""
    bucket, load = FakeBucket(), f"{'0' * 40}-1"
    rows = (member_row(number, town="LILLE", note="X" * 1_000) for number in range(size))
    header = ",".join(member_row(note="")) + "\n"
    bucket.objects[file_key(load)] = (header + "".join(map(csv_line, rows))).encode()
    objects = LoadObjects(bucket.client(), BUCKET, load)
    rules = ImportRules(Identifier.DEFAULT_PATTERN, NOW, WORKERS)
    writer = RowWriter(QuickHashes(), OwnDataHasher(b"a key"), ForgetfulStore(), lambda: NOW, lambda _: None)
    first = peak_of(lambda: find_ranges(objects, rules, b"a key for tests that is 32 bytes", MOST_ROWS))
    worker = peak_of(lambda: RangeLoad(objects, rules.identifier_pattern, WORKERS, writer).run(0, 1))
    return first, worker


@pytest.mark.slow
def test_a_load_of_more_rows_takes_no_more_memory() -> None:
    few, many = (peaks_of_a_load(size) for size in (2_500, 5_000))

    assert many[0] < 1.1 * few[0]
    assert many[1] < 1.1 * few[1]
