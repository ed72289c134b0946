"""Reads the records of a CSV file one at a time, in constant memory, and continues after every broken one.

The rules are those of RFC 4180. A record that breaks them is reported with its line. Two decisions behind this:

- Each record is decoded by itself, so a record that is not in the file's encoding does not affect the others.
- A quoted line break is followed to the end of its record, however far. If the lines in quotes were read as records,
  someone able to put a line break into an address could add a member to the file. Only if the closing quotation mark
  is missing, which no program that writes CSV does, is the next line read as a record again.
"""

from __future__ import annotations

import csv
import re
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from bulk_import.dialect import MAX_RECORD_BYTES, find_dialect
from bulk_import.line_ends import with_line_feeds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_import.dialect import Dialect


class Record(NamedTuple):
    """One record of the file.

    Attributes:
        line: the number of its first line, from 1.
        fields: in the order of the wanted columns; of a broken record, those that could be read, and empty ones.
        problem: why the record is broken, or None.
    """

    line: int
    fields: Sequence[str]
    problem: str | None = None


class _Quoting(Enum):
    OUTSIDE = auto()
    INSIDE = auto()
    BROKEN = auto()


class RecordReader:
    """Reads records from a part of a file that begins and ends at borders of records.

    Args:
        handle: seekable bytes, from the first record of the part on.
        dialect: how the file is written.
        line: the number of the part's first line in the file.
    """

    def __init__(self, handle: BinaryIO, dialect: Dialect, *, line: int) -> None:
        self._handle = with_line_feeds(handle) if dialect.line_end == "\r" else handle
        self._dialect = dialect
        self._fields = _field_of(dialect.separator)
        self._blanks = (dialect.separator + " \t\r\n").encode()
        self._next_line_number = line

    @property
    def position(self) -> int:
        """The position in the handle after the latest record: a border of records."""
        return self._handle.tell()

    @property
    def line(self) -> int:
        """The number of the line at ``position``."""
        return self._next_line_number

    def records(self) -> Iterator[Record]:
        """Read all records, without blank lines and rows of separators alone."""
        while line := self._handle.readline(MAX_RECORD_BYTES):
            number = self._next_line_number
            self._next_line_number += 1
            if len(line) == MAX_RECORD_BYTES and not line.endswith(b"\n"):
                yield self._long_line(line, number)
            elif line.strip(self._blanks):
                record = self._record(line, number)
                if record.problem or any(record.fields):
                    yield record

    def _record(self, line: bytes, number: int) -> Record:
        problem = None
        match self._quoting_after(line):
            case _Quoting.BROKEN:
                problem = "a quotation mark is misplaced"
            case _Quoting.INSIDE:
                rest = self._rest_of_record(len(line))
                if rest is None:
                    problem = "a closing quotation mark is missing"
                else:
                    line += rest
                    if len(line) > MAX_RECORD_BYTES:
                        problem = _too_long(number, self._next_line_number - 1)
        return self._read(line.rstrip(b"\r\n"), number, problem)

    def _read(self, content: bytes, number: int, problem: str | None) -> Record:
        if b"\0" in content:
            problem = problem or "the record contains a NUL"
        try:
            text = content.decode(self._dialect.encoding)
        except UnicodeDecodeError:
            text = content.decode(self._dialect.encoding, errors="replace")
            problem = problem or f"the record is not valid {self._dialect.encoding.spoken}"
        if not problem:
            try:
                fields = next(csv.reader([text], delimiter=self._dialect.separator, strict=True))
            except csv.Error:
                problem = "a line break stands outside quotation marks"
            else:
                return self._sorted(number, fields)
        raw = [field.strip('"') for field in text.split(self._dialect.separator)]
        return Record(number, self._in_order(raw), problem)

    def _sorted(self, number: int, fields: list[str]) -> Record:
        width = self._dialect.width
        # A spreadsheet may end a row with separators of cleared cells.
        if len(fields) < width or any(field.strip() for field in fields[width:]):
            if not any(field.strip() for field in fields):
                return Record(number, ())
            problem = f"the record has {len(fields)} fields, but the header has {width}"
            return Record(number, self._in_order(fields), problem)
        return Record(number, [fields[position].strip() for position in self._dialect.positions])

    def _in_order(self, fields: list[str]) -> list[str]:
        return [fields[position] if position < len(fields) else "" for position in self._dialect.positions]

    def _long_line(self, start: bytes, number: int) -> Record:
        """Skip a line that is longer than any record, and the rest of its record if it ends inside quotes."""
        quotes, piece = start.count(b'"'), start
        while piece and not piece.endswith(b"\n"):
            piece = self._handle.readline(MAX_RECORD_BYTES)
            quotes += piece.count(b'"')
        if quotes % 2:
            self._rest_of_record(MAX_RECORD_BYTES)
        return self._read(start[:MAX_RECORD_BYTES], number, _too_long(number, self._next_line_number - 1))

    def _rest_of_record(self, size: int) -> bytes | None:
        """Read from inside a quoted field to the end of its record.

        Args:
            size: the bytes that the record has already; more than a record may have are skipped, not kept.

        Returns:
            The bytes read, or None if the record does not end. Then the next line to read is the one after its first.
        """
        position, number = self._handle.tell(), self._next_line_number
        kept = bytearray()
        while line := self._handle.readline(MAX_RECORD_BYTES):
            self._next_line_number += 1
            if size + len(kept) <= MAX_RECORD_BYTES:
                kept += line
            match self._quoting_after(b'"' + line):
                case _Quoting.OUTSIDE:
                    return bytes(kept)
                case _Quoting.BROKEN:
                    break
        self._handle.seek(position)
        self._next_line_number = number
        return None

    def _quoting_after(self, line: bytes) -> _Quoting:
        """Find where a line that begins outside quotes ends."""
        if b'"' not in line:
            return _Quoting.OUTSIDE
        line = line.rstrip(b"\r\n")
        position = 0
        while match := self._fields.match(line, position):
            if line[position : position + 1] == b'"' and not match["closing"]:
                return _Quoting.INSIDE
            if match["end"] is None:
                return _Quoting.BROKEN
            if match["end"] == b"":
                break
            position = match.end()
        return _Quoting.OUTSIDE


class CsvFile:
    """A CSV file with a header, read as often as needed.

    Args:
        handle: the file, opened in binary.
        columns: the columns that the header must name.

    Attributes:
        dialect: how the file is written.

    Raises:
        UnreadableFile: it is no CSV, is empty, has another header, or cannot be read twice.
    """

    def __init__(self, handle: BinaryIO, columns: Sequence[str]) -> None:
        self._handle = handle
        self.dialect = find_dialect(handle, columns)

    @property
    def position(self) -> int:
        """The number of bytes read so far."""
        return self._handle.tell()

    def records(self) -> Iterator[Record]:
        """Read all records after the header, without blank lines."""
        self._handle.seek(self.dialect.start)
        return RecordReader(self._handle, self.dialect, line=self.dialect.first_line).records()


@lru_cache
def _field_of(separator: str) -> re.Pattern[bytes]:
    escaped = re.escape(separator).encode()
    return re.compile(
        rb'(?:"(?:[^"]++|"")*+(?P<closing>")?|[^' + escaped + rb"]*)(?P<end>" + escaped + rb"|\Z)?", re.DOTALL
    )


def _too_long(first: int, last: int) -> str:
    where = f" (lines {first} to {last})" if last > first else ""
    return f"the record has more than {MAX_RECORD_BYTES:,} bytes{where}"
