"""Workbooks as CSV, cell by cell as Excel shows them."""

from __future__ import annotations

import contextlib
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from bulk_import.file_kinds import UnreadableFile
from ops.import_files import beside, opened_members
from ops.workbook import cell_text, is_workbook, read_workbook
from tests.support.members import member_row


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        ("01000", "@", "01000"),
        ("2 RUE\nDE L EXEMPLE", "General", "2 RUE DE L EXEMPLE"),
        (75011, "General", "75011"),
        (75011.0, "General", "75011"),
        (1000, "General", "1000"),
        (1000, "00000", "01000"),
        (1850375056001, "0", "1850375056001"),
        (185037505600181, "0\\ 00\\ 00\\ 00\\ 000\\ 000\\ |\\ 00", "185037505600181"),
        (1234567, '"A"0000000', "1234567"),
        (1.5, "General", "1.5"),
        (datetime(1985, 3, 14), "dd/mm/yyyy", "1985-03-14"),  # noqa: DTZ001 - a workbook knows no time zone
        (date(1985, 3, 14), "dd/mm/yyyy", "1985-03-14"),
        (True, "General", "TRUE"),
    ],
)
def test_a_cell_is_written_as_excel_shows_it(value: object, number_format: str, text: str) -> None:
    assert cell_text(value, number_format, "n") == text


def test_an_error_in_a_cell_is_an_empty_field() -> None:
    assert cell_text("#N/A", "General", "e") == ""


def saved(path: Path, *rows: list[object], other_sheet: bool = False) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if other_sheet:
        book.create_sheet("Notes")
    book.save(path)
    return path


def test_the_first_sheet_is_read_line_by_line(tmp_path: Path) -> None:
    book = saved(tmp_path / "members.xlsx", ["a", "b"], [1, None], [], ["x, y", "é"], other_sheet=True)
    assert is_workbook(book)
    rows, notes = read_workbook(book)
    with rows:
        assert rows.read().decode() == 'a,b\n1,\n,\n"x, y",é\n'
    assert notes == ("Sheets that the import does not read: Notes.",)


def test_lines_of_a_workbook_have_the_numbers_of_its_rows(tmp_path: Path) -> None:
    row = member_row()
    book = saved(tmp_path / "members.xlsx", ["Members"], [], list(row), [], list(row.values()))
    with opened_members(book) as file:
        assert [(record.line, list(record.fields)) for record in file.records.records()] == [(5, list(row.values()))]


@pytest.mark.parametrize("broken", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_named(tmp_path: Path, broken: str) -> None:
    whole, damaged = saved(tmp_path / "whole.xlsx", ["a"]), tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for part in source.infolist():
            target.writestr(part, b"<broken" if part.filename == broken else source.read(part))
    with pytest.raises(UnreadableFile, match="damaged"):
        read_workbook(damaged)


def test_a_workbook_that_would_fill_the_memory_is_named(tmp_path: Path) -> None:
    book = tmp_path / "large.xlsx"
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        archive.writestr("xl/sharedStrings.xml", bytes(65 * 2**20))
    with pytest.raises(UnreadableFile, match="too large"):
        read_workbook(book)


def test_a_zip_archive_is_no_workbook(tmp_path: Path) -> None:
    archive = tmp_path / "members.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("members.csv", "a,b")
    assert not is_workbook(archive)
    with pytest.raises(UnreadableFile, match="zip archive"), opened_members(archive):
        pass


def test_a_full_disk_names_the_report() -> None:
    report = beside(Path("/dev/full"))
    with pytest.raises(OSError, match="/dev/full"):
        report.write("line\n")
    with contextlib.suppress(OSError):
        report.close()


def test_a_report_is_true_while_it_is_written(tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    with beside(report) as handle:
        handle.write("2,A0000001,rejected,town: missing\n")
        assert report.read_text() == "2,A0000001,rejected,town: missing\n"
