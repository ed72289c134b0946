"""The reading of CSV files, past everything that is broken in them."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_import.csv_records import CsvFile, Record, UnreadableFile

COLUMNS = ("a", "b", "c")


def records(body: bytes, header: bytes = b"a,b,c\n") -> list[Record]:
    return list(CsvFile(io.BytesIO(header + body), COLUMNS).records())


def fields(body: bytes) -> list[list[str]]:
    return [list(record.fields) for record in records(body)]


def test_quoted_fields_may_hold_commas_and_quotation_marks() -> None:
    assert fields(b'"1,5","say ""a""",\n') == [["1,5", 'say "a"', ""]]


def test_a_quotation_mark_inside_an_unquoted_field_stands_for_itself() -> None:
    assert fields(b'5 RUE "X",2,3\n') == [['5 RUE "X"', "2", "3"]]


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n"])
def test_lines_end_as_on_unix_or_as_on_windows(line_break: bytes) -> None:
    body = line_break.join([b"1,2,3", b'4,"5",6', b"7,8,9"])
    assert fields(body) == [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]]


def test_blank_lines_are_skipped_and_counted() -> None:
    assert [record.line for record in records(b"\n1,2,3\n\r\n  \n4,5,6\n\n")] == [3, 6]


def test_a_byte_order_mark_is_ignored() -> None:
    assert records(b"1,2,3\n", header=b'\xef\xbb\xbfa,"b",c\r\n') == [Record(2, ["1", "2", "3"])]


def test_a_record_that_is_not_utf_8_costs_no_other() -> None:
    first, second, third = records("1,é,3\n".encode() + "4,é,6\n".encode("latin-1") + "7,é,9\n".encode())
    assert (first.problem, third.problem) == (None, None)
    assert (second.line, second.problem, second.fields[0]) == (3, "the line is not valid UTF-8", "4")


def test_a_quoted_line_break_costs_its_record_and_no_other() -> None:
    broken, good = records(b'1,"2\nX1,X2,X3\n3",4\n5,6,7\n')
    assert (broken.line, broken.problem) == (2, "a field contains a line break (lines 2 to 4)")
    assert good == Record(5, ["5", "6", "7"])


def test_lines_inside_quotes_are_never_read_as_records() -> None:
    inside = b"".join(b"X1,X2,X3\n" for _ in range(20_000))
    assert [record.fields[0] for record in records(b'1,"2\n' + inside + b'",3\n4,5,6\n')] == ["1", "4"]


def test_a_quotation_mark_that_is_never_closed_costs_one_line() -> None:
    broken, *good = records(b'1,"2,3\n4,5,6\n7,8,9\n')
    assert (broken.line, broken.problem) == (2, "a closing quotation mark is missing")
    assert [record.line for record in good] == [3, 4]


def test_two_stray_quotation_marks_are_not_taken_for_a_pair() -> None:
    problems = [(record.line, record.problem) for record in records(b'1,"2,3\n4,5,6\n7,"8,9\n10,11,12\n')]
    assert problems == [
        (2, "a closing quotation mark is missing"),
        (3, None),
        (4, "a closing quotation mark is missing"),
        (5, None),
    ]


@pytest.mark.parametrize("line", [b'"1"x,2,3', b'1,"2" ,3', b'1,2,"3""'])
def test_a_quotation_mark_out_of_place_costs_one_line(line: bytes) -> None:
    broken, good = records(line + b"\n4,5,6\n")
    assert broken.problem in {"a quotation mark is misplaced", "a closing quotation mark is missing"}
    assert good == Record(3, ["4", "5", "6"])


def test_a_lone_carriage_return_costs_one_line() -> None:
    broken, good = records(b"1,2\r,3\n4,5,6\n")
    assert broken.problem == "a field contains a line break"
    assert good.problem is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"a;b;c\n1;2;3\n", "semicolons"),
        (b"a\tb\tc\n", "tabs"),
        ("a,b,c\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n", "lacks c"),
        (b"a,c,b\n", "another order"),
        (b"a,b,c,d\n", "extra columns"),
        (b"1850375056001,b,c\n", "lacks a"),
        (b"a,b,c\r1,2,3\r", "lacks c"),
        (b"x" * 70_000, "65536 bytes"),
    ],
)
def test_a_file_with_another_header_is_reported_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence) as refusal:
        CsvFile(io.BytesIO(content), COLUMNS)
    assert "1850375056001" not in str(refusal.value)


def test_a_line_without_end_stops_the_reading() -> None:
    reading = CsvFile(io.BytesIO(b"a,b,c\n1,2,3\n" + b"x" * 70_000), COLUMNS).records()
    assert next(reading).fields == ["1", "2", "3"]
    with pytest.raises(UnreadableFile, match="Line 3"):
        next(reading)


def test_a_pipe_is_refused_since_it_cannot_be_read_twice() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe, os.fdopen(writer, "wb"), pytest.raises(UnreadableFile):
        CsvFile(pipe, COLUMNS)


def test_the_records_can_be_read_again() -> None:
    file = CsvFile(io.BytesIO(b'a,b,c\n1,2,3\n4,"5\n6",7\n'), COLUMNS)
    assert list(file.records()) == list(file.records())


@given(st.binary(max_size=200) | st.text('1,"\n\r', max_size=60).map(str.encode))
def test_reading_gets_past_any_bytes(rubbish: bytes) -> None:
    *_, last = records(rubbish + b'\n"\n,"" ,\n1,2,3\n')
    assert last.fields[-3:] == ["1", "2", "3"]
    assert last.problem is None
