"""The reading of CSV files, past everything that is broken in them."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_import.csv_records import CsvFile, Record, RecordReader
from bulk_import.dialect import Dialect
from bulk_import.file_kinds import UnreadableFile

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
    assert (second.line, second.problem, second.fields[0]) == (3, "the record is not valid UTF-8", "4")


def test_a_quoted_line_break_is_a_part_of_its_field() -> None:
    assert records(b'1,"2\nX1,X2,X3\n3",4\n5,6,7\n') == [
        Record(2, ["1", "2\nX1,X2,X3\n3", "4"]),
        Record(5, ["5", "6", "7"]),
    ]


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
    assert broken.problem == "a line break stands outside quotation marks"
    assert good.problem is None


GOOD = ["1", "2", "3"]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b,c\n1,2,3\n",
        b"a;b;c\r\n1;2;3\r\n",
        b"a\tb\tc\n1\t2\t3\n",
        b"a|b|c\n1|2|3\n",
        b"sep=^\na^b^c\n1^2^3\n",
        b"sep=;\r\na;b;c\r\n1;2;3\r\n",
        b'"sep=,"\na,b,c\n1,2,3\n',
        b"\xef\xbb\xbfsep=;\na;b;c\n1;2;3\n",
        b"\xef\xbb\xbfa,b,c\n1,2,3\n",
        b"c,b,a\n3,2,1\n",
        b' A ,\xc2\xa0B,"C" \n1,2,3\n',
        b"x,a,y,b,c,\n9,1,9,2,3,\n",
        b"a,b,c\r1,2,3\r",
        b"a,b,c\n1,2,3",
        b"\n\n  \na,b,c\n1,2,3\n",
        b"# made on 1 November, by hand, for tests, only\na,b,c\n1,2,3\n",
        b"Members;;;;\n;;;;\na;b;c\n1;2;3\n",
        b"#a,b,c\n1,2,3\n",
        b'a,b,c,"a note\non two lines"\n1,2,3,\n',
        b'a,b,c\n,,\n1,2,3\n,,\n"","",""\n , ,\n',
        b"a,b,c\n1,2,3,,,,\n",
        b"a,b,c\n 1 ,2\t,3\n",
    ],
)
def test_a_file_is_read_as_it_is_written(content: bytes) -> None:
    read = list(CsvFile(io.BytesIO(content), COLUMNS).records())
    assert [(record.fields, record.problem) for record in read] == [(GOOD, None)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n \r\n", "The file is empty."),
        ("a,b,c\n".encode("utf-16"), "UTF-16"),
        ("a,b,c\n".encode("utf-16-le"), "UTF-16"),
        (b"\x1f\x8b\x08", "gzip archive"),
        (b"PK\x03\x04", "zip archive"),
        (b"PK\x03\x04 xl/workbook.xml", "Excel workbook"),
        (b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"<html>", "HTML"),
        (b'\n[{"a": 1}]', "JSON"),
        (b"a,b\n", "line 1. lacks c"),
        (b"\n\na;b\n1;2\n", "line 3. lacks c"),
        (b"a,b,c,A\n", "names a more than once"),
        (b"1850375056001,b2,c3,d4,e5\n", "has no header"),
        (b"a\x00,b,c\n", "no text"),
        (b"# a comment\n1850375056001,b2,c3,d4,e5\n", "has no header"),
        (b"x" * 70_000, "has no header"),
        ("a,b,c\né,è,à\n".encode("cp850"), "MS-DOS or Mac OS"),
        ("a,b,c\né,è,à\n".encode("mac_roman"), "MS-DOS or Mac OS"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence) as refusal:
        CsvFile(io.BytesIO(content), COLUMNS)
    assert "1850375056001" not in str(refusal.value)


def test_a_file_in_windows_1252_is_read_and_named_once() -> None:
    file = CsvFile(io.BytesIO("a,b,c\nGarçon,Œuvray,’\nNoé,2,3\n".encode("cp1252")), COLUMNS)
    assert [record.fields for record in file.records()] == [["Garçon", "Œuvray", "’"], ["Noé", "2", "3"]]
    assert file.dialect.notes == ("The file is in Windows-1252, not in UTF-8, and is read as such.",)


def test_a_few_broken_bytes_in_ascii_cost_their_records_alone() -> None:
    lines = [b"1,2,3"] * 200 + [b"\x81\x8d,2,3"]
    problems = [record.problem for record in records(b"\n".join(lines))]
    assert problems == [None] * 200 + ["the record is not valid UTF-8"]


def test_columns_that_are_not_used_are_named_once() -> None:
    file = CsvFile(io.BytesIO(b"Town Hall,a,b,c,\n"), COLUMNS)
    assert file.dialect.notes == ("Columns that the import does not use: town_hall.",)


@pytest.mark.parametrize("line", [b"x" * 70_000, b"x," * 40_000, b'1,"' + b"x" * 70_000 + b'\n4,5,6\n",3'])
def test_a_record_that_is_too_long_costs_no_other(line: bytes) -> None:
    broken, good = records(line + b"\n4,5,6\n")
    assert (broken.line, good.fields, good.problem) == (2, ["4", "5", "6"], None)
    assert str(broken.problem).startswith("the record has more than 65,536 bytes")


def test_a_record_that_is_too_long_may_end_the_file() -> None:
    good, broken = records(b"1,2,3\n" + b"x" * 70_000)
    assert (good.fields, broken.line) == (["1", "2", "3"], 3)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"1,2", "the record has 2 fields, but the header has 3"),
        (b"1,2,3,4", "the record has 4 fields, but the header has 3"),
        (b"1,\x00,3", "the record contains a NUL"),
    ],
)
def test_a_broken_record_costs_no_other(line: bytes, problem: str) -> None:
    broken, good = records(line + b"\n4,5,6\n")
    assert (broken.line, broken.problem, broken.fields[0]) == (2, problem, "1")
    assert good == Record(3, ["4", "5", "6"])


def test_parts_cut_at_borders_have_the_records_of_the_whole_file() -> None:
    content = b'a,b,c\n1,2,3\n\n4,"5\n6",7\n8,"9,0\n,,\nlast,2,3\n'
    file = CsvFile(io.BytesIO(content), COLUMNS)
    dialect = Dialect.load(file.dialect.dump())
    assert dialect == file.dialect
    whole = io.BytesIO(content)
    whole.seek(dialect.start)
    reader = RecordReader(whole, dialect, line=dialect.first_line)
    borders = [(dialect.start, dialect.first_line), *((reader.position, reader.line) for _ in reader.records())]
    parts: list[Record] = []
    for (start, line), (end, _) in zip(borders, [*borders[1:], (len(content), 0)], strict=True):
        parts += RecordReader(io.BytesIO(content[start:end]), dialect, line=line).records()
    assert parts == list(file.records())
    assert [record.line for record in parts] == [2, 4, 6, 8]


def test_a_pipe_is_refused_since_it_cannot_be_read_twice() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe, os.fdopen(writer, "wb"), pytest.raises(UnreadableFile):
        CsvFile(pipe, COLUMNS)


def test_the_records_can_be_read_again() -> None:
    file = CsvFile(io.BytesIO(b'a,b,c\n1,2,3\n4,"5\n6",7\n'), COLUMNS)
    assert list(file.records()) == list(file.records())


@given(st.binary(max_size=200) | st.text('1,"\n\r', max_size=60).map(str.encode))
def test_reading_gets_past_any_bytes(rubbish: bytes) -> None:
    dialect = CsvFile(io.BytesIO(b"a,b,c\n"), COLUMNS).dialect
    body = rubbish + b'\n"\n,"" ,\n1,2,3\n'
    *_, last = RecordReader(io.BytesIO(body), dialect, line=2).records()
    assert last.fields[-3:] == ["1", "2", "3"]
    assert last.problem is None
