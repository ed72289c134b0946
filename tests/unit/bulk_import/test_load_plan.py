"""Ranges of a file end where records end, and together hold each record once, with its line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_import.csv_records import RecordReader
from bulk_import.dialect import find_dialect
from bulk_import.load_plan import ByteRange, Place, byte_ranges

if TYPE_CHECKING:
    from bulk_import.csv_records import Record
    from bulk_import.dialect import Dialect

COLUMNS = ("identifier", "town")
HEADER = "identifier,town"


def divided(
    content: bytes, most_rows: int = 2, most_bytes: int = 1_000
) -> tuple[Dialect, list[ByteRange], list[Record]]:
    """A file's ranges and all its records; records with a problem are rejected."""
    file = io.BytesIO(content)
    dialect = find_dialect(file, COLUMNS)
    file.seek(dialect.start)
    reader, records, places = RecordReader(file, dialect, line=dialect.first_line), [], []
    for record in reader.records():
        records.append(record)
        places.append(Place(record.line, reader.position, reader.line, is_good=not record.problem))
    found = byte_ranges(places, dialect.start, dialect.first_line, most_rows=most_rows, most_bytes=most_bytes)
    return dialect, list(found), records


def reread(content: bytes, dialect: Dialect, ranges: list[ByteRange]) -> list[Record]:
    """The records as the workers read them."""
    return [
        record
        for one in ranges
        for record in RecordReader(io.BytesIO(content[one.start : one.end]), dialect, line=one.first_line).records()
    ]


EXAMPLES = {
    "plain lines": "A1,LYON\nA2,LILLE\nA3,PARIS\n",
    "no line break at the end": "A1,LYON\nA2,LILLE\nA3,PARIS",
    "lines of Windows": "A1,LYON\r\nA2,LILLE\r\nA3,PARIS\r\n",
    "lines of an old Macintosh": "A1,LYON\rA2,LILLE\rA3,PARIS\r",
    "blank lines": "\n\nA1,LYON\n\n,\n\nA2,LILLE\n\n\nA3,PARIS\n\n",
    "a line break in quotes": 'A1,"LYON\nCEDEX\n"\nA2,LILLE\nA3,"PA\r\nRIS"\nA4,PAU\n',
    "quotes that do not end": 'A1,"LYON\nA2,LILLE\nA3,PARIS\nA4,PAU\n',
    "quotes in quotes": 'A1,"LY""ON"\nA2,"LI\n""LLE"\nA3,PARIS\n',
    "broken records": 'A1,LY"ON\nA2\nA3,PARIS,X\nA4,PAU\n',
    "letters of several bytes": "A1,SAINT-ÉTIENNE\nA2,LŸ\nA3,PARIS\n",
}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
@pytest.mark.parametrize("rows", EXAMPLES.values(), ids=EXAMPLES)
def test_workers_read_the_records_of_the_file_with_their_lines(rows: str, mark: bytes) -> None:
    end = "\r" if "\n" not in rows else "\n"
    content = mark + (HEADER + end + rows).encode()

    dialect, ranges, records = divided(content)

    assert len(ranges) > 1
    assert reread(content, dialect, ranges) == records
    assert [one.start for one in ranges] == [dialect.start, *(one.end for one in ranges[:-1])]
    rejected = {record.line for record in records if record.problem}
    assert [line for one in ranges for line in one.rejected] == sorted(rejected)


FIELDS = st.text(st.sampled_from('A,;"\n\r é'), max_size=8)


@given(
    rows=st.lists(st.lists(FIELDS, min_size=1, max_size=3), max_size=12), size=st.integers(1, 40), wraps=st.booleans()
)
def test_ranges_of_any_size_divide_no_record(rows: list[list[str]], size: int, wraps: bool) -> None:
    def written(field: str) -> str:
        return '"' + field.replace('"', '""') + '"' if wraps else field

    lines = [",".join(map(written, row)) for row in rows]
    content = "\n".join([HEADER, *lines, ""]).encode()

    dialect, ranges, records = divided(content, most_rows=3, most_bytes=size)

    assert reread(content, dialect, ranges) == records


def test_a_range_ends_at_the_most_rows_or_before_the_most_bytes() -> None:
    places = [Place(line, 10 * line, line + 1, is_good=True) for line in range(1, 8)]

    by_rows = list(byte_ranges(places, 0, 1, most_rows=3, most_bytes=1_000))
    by_bytes = list(byte_ranges(places, 0, 1, most_rows=1_000, most_bytes=25))

    assert [(one.start, one.end, one.first_line) for one in by_rows] == [(0, 30, 1), (30, 60, 4), (60, 70, 7)]
    assert [one.end - one.start for one in by_bytes] == [20, 20, 20, 10]


def test_a_record_longer_than_a_range_is_a_range_by_itself() -> None:
    places = [Place(1, 10, 2, is_good=True), Place(2, 900, 3, is_good=True), Place(3, 910, 4, is_good=True)]

    assert [one.end for one in byte_ranges(places, 0, 1, most_rows=10, most_bytes=100)] == [10, 900, 910]


def test_a_file_without_records_has_no_range() -> None:
    assert list(byte_ranges([], 20, 2, most_rows=10, most_bytes=100)) == []


def test_a_range_is_read_from_json_as_it_was_written() -> None:
    one = ByteRange(1, 2, 3, (4, 5))

    assert ByteRange.from_json(one.as_json()) == one
