"""Reads a CSV file one record at a time, in constant memory, past every record that is broken.

The rules are those of RFC 4180, and a record that breaks them is told with its line while the reading goes
on. Two decisions are behind that:

- Each record is decoded by itself, so one that is not UTF-8 costs no other.
- A quoted line break is followed to the end of its record, which is then refused as a whole: were the lines
  in quotes read as records, whoever can put a line break into an address could put a member into the file.
  Only where the quotation mark is never properly closed, which no program that writes CSV does, does the next
  line count again.
"""

from __future__ import annotations

import codecs
import csv
import re
from enum import Enum, auto
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from ops.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_LINE = 65_536
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_FIELD = re.compile(rb'(?:"(?:[^"]++|"")*+(?P<closing>")?|[^,]*)(?P<end>,|\Z)?', re.DOTALL)


class Record(NamedTuple):
    """One record of the file.

    Attributes:
        line: the number of its first line, from 1.
        fields: its fields; of a broken record as many as could be made out.
        problem: why it is broken, or None.
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
        columns: what the header must be.

    Raises:
        UnreadableFile: the file is empty, has another header, or cannot be read twice.
    """

    def __init__(self, handle: BinaryIO, columns: Sequence[str]) -> None:
        if not handle.seekable():
            raise UnreadableFile("It is no regular file: save it to one first.")
        self._handle = handle
        self._line = 0
        _check_header(self._next_line().removeprefix(codecs.BOM_UTF8), columns)
        self._start = handle.tell()

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._handle.tell()

    def records(self) -> Iterator[Record]:
        """All records after the header, from the first one; blank lines are skipped.

        Raises:
            UnreadableFile: a line is so long that this cannot be a file of records.
        """
        self._handle.seek(self._start)
        self._line = 1
        while line := self._next_line():
            if line.strip():
                yield self._record(line.rstrip(b"\r\n"))

    def _next_line(self) -> bytes:
        line = self._handle.readline(_LONGEST_LINE)
        self._line += 1
        if len(line) == _LONGEST_LINE:
            raise UnreadableFile(
                f"Line {self._line} has more than {_LONGEST_LINE} bytes: it has not one record on each line."
            )
        return line

    def _record(self, line: bytes) -> Record:
        number = self._line
        problem = None
        match _quoting_after(line):
            case _Quoting.BROKEN:
                problem = "a quotation mark is out of place"
            case _Quoting.INSIDE:
                if self._skip_to_end_of_record():
                    problem = f"a field holds a line break (lines {number} to {self._line})"
                else:
                    problem = "a quotation mark is never closed"
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode(errors="replace")
            problem = problem or "it is not UTF-8"
        if not problem:
            try:
                return Record(number, next(csv.reader([text], strict=True)))
            except csv.Error:
                problem = "a field holds a line break"
        return Record(number, [field.strip('"') for field in text.split(",")], problem)

    def _skip_to_end_of_record(self) -> bool:
        """Read on from inside a quoted field to where its record ends.

        Returns:
            Whether it ends at all. If not, the next line to be read is the one after the record's first.
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
    """Whether a line that begins outside quotes ends inside them."""
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
        raise UnreadableFile("The file is not UTF-8 but probably UTF-16: save it as “CSV UTF-8”.")
    header = line.decode(errors="replace").rstrip("\r\n").replace('"', "")
    if header == ",".join(columns):
        return
    for separator, plural in _OTHER_SEPARATORS.items():
        if header == separator.join(columns):
            raise UnreadableFile(f"The file is separated by {plural}: save it with commas.")
    # What is there instead is not repeated: in a file without a header it is a member's data.
    missing = [column for column in columns if column not in header.split(",")]
    fault = f"lacks {', '.join(missing)}" if missing else "has the columns in another order, or others too"
    raise UnreadableFile(f"The first line {fault}; it must be {','.join(columns)}")
