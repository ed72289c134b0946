"""Reads an object of S3 as a file, in constant memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from mypy_boto3_s3 import S3Client

_BUFFER_BYTES = 1024 * 1024
"""The size of one request, which takes some 20 ms: the file of a million members takes 200 of them."""


class _S3Object(io.RawIOBase):
    """The bytes of an object up to a given end; each read is one ``GetObject`` with a range."""

    def __init__(self, s3: S3Client, bucket: str, key: str, end: int) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._key = key
        self._end = end
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._end}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        last = min(self._position + len(view), self._end) - 1
        if last < self._position:
            return 0
        with translate_errors():
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._key, Range=f"bytes={self._position}-{last}")
            data = answer["Body"].read()
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def open_object(s3: S3Client, bucket: str, key: str, *, start: int = 0, end: int | None = None) -> BinaryIO:
    """Open an object for reading.

    Args:
        s3: the client.
        bucket: its bucket.
        key: its name.
        start: the position of the first read.
        end: the position at which the file seems to end; None for its real end.

    Raises:
        Unavailable: there is no such object, or S3 does not respond; reading raises it too.
    """
    if end is None:
        with translate_errors():
            end = s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
    size = max(1, min(_BUFFER_BYTES, end - start))
    file = io.BufferedReader(_S3Object(s3, bucket, key, end), size)
    file.seek(start)
    return cast("BinaryIO", file)
