"""Reads an Excel workbook (.xlsx) as a CSV, cell by cell as Excel shows it, without loading its rows into memory.

Text stays text, a date becomes ``YYYY-MM-DD``, and a number is written as its format shows it: the French formats for
postcodes and social-security numbers keep zeros that the value itself has lost.
"""

from __future__ import annotations

import csv
import re
import warnings
import zipfile
from datetime import date, datetime, time
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, NamedTuple, cast

import openpyxl

from bulk_import.file_kinds import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import BinaryIO

_MOST_BYTES_OF_TEXTS: Final = 64 * 2**20
"""A workbook keeps each different text once, in a part that must be in memory: so much is about 500,000 members."""

_MOST_BYTES: Final = 2 * 2**30
"""Of the unpacked workbook: more is no list of members, but may fill a disk."""

_TEXTS: Final = "xl/sharedStrings.xml"
_ZEROS: Final = re.compile(r"[0 .\-|]+")
_LITERAL: Final = re.compile(r'\\(.)|"([^"]*)"')


class Workbook(NamedTuple):
    """A workbook as a CSV.

    Attributes:
        rows: the first sheet's rows, one line each, so that the numbers of lines are those of rows.
        notes: sentences about the whole workbook.
    """

    rows: BinaryIO
    notes: tuple[str, ...]


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook that can be read here."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def read_workbook(path: Path) -> Workbook:
    """Read the first sheet of a workbook into a nameless temporary file.

    Raises:
        UnreadableFile: the workbook is too large, or damaged.
    """
    _check_size(path)
    try:
        return _read(path)
    except (KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile, EOFError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("It is a damaged Excel workbook. Save the members as “CSV UTF-8”.") from None


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        sizes = {part.filename: part.file_size for part in archive.infolist()}
    if sizes.get(_TEXTS, 0) > _MOST_BYTES_OF_TEXTS or sum(sizes.values()) > _MOST_BYTES:
        raise UnreadableFile("It is an Excel workbook that is too large to be read. Save the members as “CSV UTF-8”.")


def _read(path: Path) -> Workbook:
    # Opened here, since openpyxl judges a path by its ending.
    with warnings.catch_warnings(), path.open("rb") as handle:
        warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
        book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
        try:
            sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
            if sheet is None:
                raise UnreadableFile("It is an Excel workbook without a sheet of cells.")
            rows = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - the caller closes it
            try:
                text = TextIOWrapper(rows, encoding="utf-8", newline="", write_through=True)
                csv.writer(text, lineterminator="\n").writerows(map(_texts, sheet.iter_rows()))
                text.detach()
            except BaseException:
                rows.close()
                raise
            others = [one.title for one in book.worksheets if one is not sheet]
        finally:
            book.close()
    rows.seek(0)
    notes = (f"Sheets that the import does not read: {', '.join(others)}.",) if others else ()
    return Workbook(rows, notes)


def _texts(cells: Iterable[IO[str]]) -> list[str]:
    return [cell_text(cell.value, cell.number_format, cell.data_type) for cell in cells]  # type: ignore[attr-defined]


def cell_text(value: object, number_format: str, data_type: str) -> str:  # noqa: PLR0911 - one for each type
    """Write the value of a cell as Excel shows it, on one line.

    Args:
        value: as openpyxl reads it.
        number_format: the cell's format in Excel's notation.
        data_type: openpyxl's letter for it; ``e`` is an error, such as ``#N/A``.
    """
    match value:
        case None:
            return ""
        case str():
            return "" if data_type == "e" else " ".join(value.splitlines())
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case int() | float():
            return _number(value, number_format)
        case _:
            return str(value)


def _number(value: float, number_format: str) -> str:
    if value != int(value):
        return repr(value)
    shape = _LITERAL.sub(lambda match: match[1] or match[2] or "", number_format.partition(";")[0])
    zeros = shape.count("0") if _ZEROS.fullmatch(shape) else 0
    return str(int(value)).zfill(zeros)
