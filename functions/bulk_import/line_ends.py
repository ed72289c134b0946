"""Reads files whose lines end with a carriage return alone, as old programs for the Macintosh write them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class _LineFeeds(io.RawIOBase):
    """The same file with line feeds, at the same positions."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._handle.seek(offset, whence)

    def tell(self) -> int:
        return self._handle.tell()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._handle.read(len(view))
        view[: len(data)] = data.replace(b"\r", b"\n")
        return len(data)


def with_line_feeds(handle: BinaryIO) -> BinaryIO:
    """Return the file with every carriage return as a line feed; positions stay the same."""
    return cast("BinaryIO", io.BufferedReader(_LineFeeds(handle)))
