"""Reads a CSV file one record at a time, in constant memory, and continues after every broken record.

The rules are those of RFC 4180. A record that breaks them is reported with its line. Two decisions behind this:

- Each record is decoded by itself, so a record that is not UTF-8 does not affect the others.
- A quoted line break is followed to the end of its record, and the whole record is rejected. If the lines in quotes
  were read as records, someone able to put a line break into an address could add a member to the file. Only if the
  closing quotation mark is missing, which no program that writes CSV does, is the next line read as a record again.
"""

from __future__ import annotations

import codecs
import csv
import re
from enum import Enum, auto
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from member_access.errors import MemberAccessError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_LINE_BYTES = 65_536
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_FIELD = re.compile(rb'(?:"(?:[^"]++|"")*+(?P<closing>")?|[^,]*)(?P<end>,|\Z)?', re.DOTALL)


class UnreadableFile(MemberAccessError):
    """The file as a whole cannot be read. The message says why."""


class Record(NamedTuple):
    """One record of the file.

    Attributes:
        line: the number of its first line, from 1.
        fields: for a broken record, those that could be read.
        problem: why the record is broken, or None.
    """

    line: int
    fields: Sequence[str]
    problem: str | None = None


class _Quoting(Enum):
    OUTSIDE = auto()
    INSIDE = auto()
    BROKEN = auto()


class CsvFile:
    """A CSV file with a header.

    Args:
        handle: the file, opened in binary.
        columns: the columns that the header must name.

    Raises:
        UnreadableFile: the file is empty, has another header, or cannot be read twice.
    """

    def __init__(self, handle: BinaryIO, columns: Sequence[str]) -> None:
        if not handle.seekable():
            raise UnreadableFile("It is not a regular file. Save it to a file first.")
        self._handle = handle
        self._line = 0
        _check_header(self._next_line().removeprefix(codecs.BOM_UTF8), columns)
        self._start = handle.tell()

    @property
    def position(self) -> int:
        """The number of bytes read so far."""
        return self._handle.tell()

    def records(self) -> Iterator[Record]:
        """Read all records after the header, without blank lines.

        Raises:
            UnreadableFile: a line is too long for a file of records.
        """
        self._handle.seek(self._start)
        self._line = 1
        while line := self._next_line():
            if line.strip():
                yield self._record(line.rstrip(b"\r\n"))

    def _next_line(self) -> bytes:
        line = self._handle.readline(_MAX_LINE_BYTES)
        self._line += 1
        if len(line) == _MAX_LINE_BYTES:
            raise UnreadableFile(
                f"Line {self._line} is longer than {_MAX_LINE_BYTES} bytes. The file must have one record per line."
            )
        return line

    def _record(self, line: bytes) -> Record:
        number = self._line
        problem = None
        match _quoting_after(line):
            case _Quoting.BROKEN:
                problem = "a quotation mark is misplaced"
            case _Quoting.INSIDE:
                if self._skip_to_end_of_record():
                    problem = f"a field contains a line break (lines {number} to {self._line})"
                else:
                    problem = "a closing quotation mark is missing"
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode(errors="replace")
            problem = problem or "the line is not valid UTF-8"
        if not problem:
            try:
                return Record(number, next(csv.reader([text], strict=True)))
            except csv.Error:
                problem = "a field contains a line break"
        return Record(number, [field.strip('"') for field in text.split(",")], problem)

    def _skip_to_end_of_record(self) -> bool:
        """Read from inside a quoted field to the end of its record.

        Returns:
            Whether the record ends. If not, the next line to read is the one after its first.
        """
        position, number = self._handle.tell(), self._line
        while line := self._next_line():
            match _quoting_after(b'"' + line.rstrip(b"\r\n")):
                case _Quoting.OUTSIDE:
                    return True
                case _Quoting.BROKEN:
                    break
        self._handle.seek(position)
        self._line = number
        return False


def _quoting_after(line: bytes) -> _Quoting:
    """Find where a line that begins outside quotes ends."""
    if b'"' not in line:
        return _Quoting.OUTSIDE
    position = 0
    while match := _FIELD.match(line, position):
        if line[position : position + 1] == b'"' and not match["closing"]:
            return _Quoting.INSIDE
        if match["end"] is None:
            return _Quoting.BROKEN
        if match["end"] == b"":
            break
        position = match.end()
    return _Quoting.OUTSIDE


def _check_header(line: bytes, columns: Sequence[str]) -> None:
    if not line:
        raise UnreadableFile("The file is empty.")
    if b"\0" in line:
        raise UnreadableFile("The file is not UTF-8; it is probably UTF-16. Save it as “CSV UTF-8”.")
    header = line.decode(errors="replace").rstrip("\r\n").replace('"', "")
    if header == ",".join(columns):
        return
    for separator, plural in _OTHER_SEPARATORS.items():
        if header == separator.join(columns):
            raise UnreadableFile(f"The fields are separated by {plural}. Save the file with commas instead.")
    # Do not repeat the line found: in a file without a header it is a member's data.
    missing = [column for column in columns if column not in header.split(",")]
    fault = f"lacks {', '.join(missing)}" if missing else "has the columns in another order, or extra columns"
    raise UnreadableFile(f"The first line {fault}. It must be: {','.join(columns)}")
