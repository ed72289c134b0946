"""How a load by AWS is divided: ranges of bytes that end where records end. Does no input or output."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOST_BYTES = 128 * 1024
"""Some 700 rows: a worker writes them in a few seconds, and a call of the engine costs little beside them."""
MOST_ROWS = 2_000
"""A worker that writes 20 rows a second, far fewer than measured, needs 100 of its 300 seconds."""


class Place(NamedTuple):
    """Where a record of the file stands.

    Attributes:
        line: the number of its first line, from 1.
        end: the number of bytes up to its end, line break included.
        next_line: the number of the line that begins there.
        is_good: whether its row counts: a rejected row does not.
    """

    line: int
    end: int
    next_line: int
    is_good: bool


@dataclass(frozen=True)
class ByteRange:
    """Some records of the file, one after the other.

    Attributes:
        start: the number of bytes before the first one.
        end: the number of bytes up to the end of the last one.
        first_line: the number of the line that begins at ``start``.
        rejected: the lines of rejected rows, which a worker skips.
    """

    start: int
    end: int
    first_line: int
    rejected: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the range as values of JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` returned."""
        return cls(**{**values, "rejected": tuple(values["rejected"])})


def byte_ranges(
    places: Iterable[Place], start: int, first_line: int, *, most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES
) -> Iterator[ByteRange]:
    """Divide a file; a record longer than ``most_bytes`` is a range by itself.

    Args:
        places: all records after the header, in order.
        start: the number of bytes before the first one.
        first_line: the number of the line that begins there.
        most_rows: the number of records at which a range ends.
        most_bytes: the size at which it ends.
    """
    rows = 0
    rejected: list[int] = []
    end, next_line = start, first_line
    for place in places:
        if rows and (rows == most_rows or place.end - start > most_bytes):
            yield ByteRange(start, end, first_line, tuple(rejected))
            start, first_line, rows, rejected = end, next_line, 0, []
        rows += 1
        if not place.is_good:
            rejected.append(place.line)
        end, next_line = place.end, place.next_line
    if rows:
        yield ByteRange(start, end, first_line, tuple(rejected))
