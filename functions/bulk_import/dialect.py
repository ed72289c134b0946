"""Finds out how a CSV file is written: its encoding, separator, line ends, and the order of its columns.

Everything is decided once for the whole file, so that every part of it is then read in the same way, by any worker.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from bulk_import.file_kinds import UnreadableFile, no_csv
from bulk_import.line_ends import with_line_feeds
from bulk_import.text_encoding import Encoding, encoding_of
from member_access.values.typed_text import without_blanks

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_RECORD_BYTES: Final = 65_536
_HEAD_BYTES: Final = 65_536
_SEPARATORS: Final = (",", ";", "\t", "|")
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_MOST_LINES_BEFORE: Final = 20
_MOST_FIELDS_OF_A_TITLE: Final = 3
"""A line before the header with at most so many fields is a title, a date or a comment: a member has more."""
_LONGEST_NAME_SHOWN: Final = 40


@dataclass(frozen=True)
class Dialect:
    """How one file is written.

    Attributes:
        encoding: the encoding of all records.
        separator: the one character between fields.
        line_end: the last character of a line: a line feed or, from old programs for the Macintosh, a carriage return.
        positions: where each wanted column stands in a record, in the order of the wanted columns.
        width: the number of columns of the header.
        start: the number of bytes before the first record.
        first_line: the line number of the first record, from 1.
        notes: sentences about the whole file that an operator should read once.
    """

    encoding: Encoding
    separator: str
    line_end: str
    positions: tuple[int, ...]
    width: int
    start: int
    first_line: int
    notes: tuple[str, ...] = ()

    def dump(self) -> str:
        """Write the dialect as JSON, to hand it to a worker."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Self:
        """Read what ``dump`` wrote."""
        values = json.loads(text)
        return cls(
            **{
                **values,
                "encoding": Encoding(values["encoding"]),
                "positions": tuple(values["positions"]),
                "notes": tuple(values["notes"]),
            }
        )


def find_dialect(handle: BinaryIO, columns: Sequence[str]) -> Dialect:
    """Read the header, and the whole file once for its encoding.

    Args:
        handle: the file, opened in binary.
        columns: the columns that the header must name, in any order and case.

    Raises:
        UnreadableFile: it is no CSV, is empty, has no header or one that lacks columns, or cannot be read twice.
    """
    if not handle.seekable():
        raise UnreadableFile("It is not a regular file. Save it to a file first.")
    handle.seek(0)
    head = handle.read(_HEAD_BYTES)
    if not head.strip():
        raise UnreadableFile("The file is empty.")
    if sentence := no_csv(head):
        raise UnreadableFile(sentence)
    line_end = "\r" if b"\n" not in head and b"\r" in head else "\n"
    lines = with_line_feeds(handle) if line_end == "\r" else handle
    encoding = encoding_of(lines)
    header = _find_header(lines, columns, encoding)
    return Dialect(
        encoding,
        header.separator,
        line_end,
        header.positions,
        len(header.names),
        header.end,
        header.next_line,
        tuple(_notes(encoding, header, columns)),
    )


@dataclass(frozen=True)
class _Header:
    separator: str
    names: list[str]
    positions: tuple[int, ...]
    end: int
    next_line: int


def _find_header(lines: BinaryIO, columns: Sequence[str], encoding: Encoding) -> _Header:
    lines.seek(0)
    separators, number = list(_SEPARATORS), 0
    for _ in range(_MOST_LINES_BEFORE):
        first = number + 1
        line, number = _logical_line(lines, number)
        if not line:
            break
        text = line.removeprefix(codecs.BOM_UTF8).decode(encoding, errors="replace").strip("\r\n")
        if match := _SEPARATOR_LINE.fullmatch(text.strip()):
            separators.insert(0, match[1])
            continue
        found = [(_fields(text, separator), separator) for separator in separators]
        fields, separator = max(found, key=lambda one: len({*one[0]} & {*columns}))
        named = len({*fields} & {*columns})
        if text.lstrip().startswith("#") and named < len(columns):
            continue
        if named:
            return _Header(separator, fields, _positions(fields, columns, first), lines.tell(), number + 1)
        if max(_filled(row) for row, _ in found) > _MOST_FIELDS_OF_A_TITLE:
            break
    # Do not repeat the lines found: in a file without a header they are members' data.
    raise UnreadableFile(f"The file has no header. Its first line must name the columns {','.join(columns)}.")


def _logical_line(lines: BinaryIO, number: int) -> tuple[bytes, int]:
    """Read a line; a quoted line break does not end it."""
    line = lines.readline(MAX_RECORD_BYTES)
    number += 1
    while line.count(b'"') % 2 and len(line) < MAX_RECORD_BYTES and (more := lines.readline(MAX_RECORD_BYTES)):
        line += more
        number += 1
    return line, number


def _fields(text: str, separator: str) -> list[str]:
    try:
        fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:
        return []
    return [_name(field) for field in fields]


def _name(field: str) -> str:
    """Read the name of a column as people write it: ``" Birth Date "`` is ``birth_date``."""
    words = unicodedata.normalize("NFKC", field).lstrip("# ").casefold().replace("-", " ").replace("_", " ").split()
    return without_blanks("_".join(words))


def _filled(fields: list[str]) -> int:
    return sum(1 for field in fields if field)


def _positions(fields: list[str], columns: Sequence[str], line: int) -> tuple[int, ...]:
    missing = [column for column in columns if column not in fields]
    if missing:
        raise UnreadableFile(f"The header (line {line}) lacks {', '.join(missing)}.")
    twice = [column for column in columns if fields.count(column) > 1]
    if twice:
        raise UnreadableFile(f"The header (line {line}) names {', '.join(twice)} more than once.")
    return tuple(fields.index(column) for column in columns)


def _notes(encoding: Encoding, header: _Header, columns: Sequence[str]) -> list[str]:
    notes = []
    if encoding is Encoding.WINDOWS_1252:
        notes.append("The file is in Windows-1252, not in UTF-8, and is read as such.")
    others = [name for name in header.names if name and name not in columns]
    if others:
        shown = ", ".join("".join(filter(str.isprintable, name))[:_LONGEST_NAME_SHOWN] for name in others)
        notes.append(f"Columns that the import does not use: {shown}.")
    return notes
