"""Recognises files that are no CSV by their first bytes, so that an error can name them."""

from __future__ import annotations

from typing import Final

from member_access.errors import MemberAccessError


class UnreadableFile(MemberAccessError):
    """The file as a whole cannot be read. The message says why."""


_SAVE_AS_CSV: Final = "Save the members as “CSV UTF-8”."
_UNPACK: Final = "Unpack it first."

_KINDS: Final = (
    (b"\xff\xfe", "It is a text in UTF-16. Save it as “CSV UTF-8”."),
    (b"\xfe\xff", "It is a text in UTF-16. Save it as “CSV UTF-8”."),
    (b"\x1f\x8b", f"It is a gzip archive. {_UNPACK}"),
    (b"BZh", f"It is a bzip2 archive. {_UNPACK}"),
    (b"\xfd7zXZ\x00", f"It is an xz archive. {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"It is a Zstandard archive. {_UNPACK}"),
    (b"7z\xbc\xaf\x27\x1c", f"It is a 7-Zip archive. {_UNPACK}"),
    (b"Rar!", f"It is a RAR archive. {_UNPACK}"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        f"It is an Excel workbook of the old format (.xls), or one with a password. {_SAVE_AS_CSV}",
    ),
    (b"%PDF", f"It is a PDF. {_SAVE_AS_CSV}"),
    (b"{\\rtf", f"It is a rich text (RTF). {_SAVE_AS_CSV}"),
    (b"SQLite format 3\x00", f"It is an SQLite database. {_SAVE_AS_CSV}"),
    (b"PAR1", f"It is a Parquet file. {_SAVE_AS_CSV}"),
    (b"<", f"It is HTML or XML. {_SAVE_AS_CSV}"),
    (b"{", f"It is JSON. {_SAVE_AS_CSV}"),
    (b"[", f"It is JSON. {_SAVE_AS_CSV}"),
    (b"\x89PNG", f"It is a picture. {_SAVE_AS_CSV}"),
    (b"\xff\xd8\xff", f"It is a picture. {_SAVE_AS_CSV}"),
)

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_ZIP_CONTENTS: Final = (
    (b"mimetypeapplication/vnd.oasis.opendocument", f"It is an OpenDocument file, such as .ods. {_SAVE_AS_CSV}"),
    (b"xl/workbook.bin", f"It is an Excel workbook in the binary format (.xlsb). {_SAVE_AS_CSV}"),
    (b"word/", f"It is a Word document. {_SAVE_AS_CSV}"),
    (b"xl/", "It is an Excel workbook. Import it with `python -m ops import`, or save it as “CSV UTF-8”."),
)


def no_csv(head: bytes) -> str | None:
    """Return a sentence that names the file, or None if it may be a CSV.

    Args:
        head: the first bytes of the file, some thousand if it has so many.
    """
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return next((sentence for mark, sentence in _ZIP_CONTENTS if mark in head), f"It is a zip archive. {_UNPACK}")
    # Blanks may come before the first character of HTML, XML and JSON.
    start = head.lstrip()
    found = next((sentence for magic, sentence in _KINDS if start.startswith(magic) or head.startswith(magic)), None)
    if found or b"\0" not in start.partition(b"\n")[0]:
        return found
    return "It is no text, or a text in UTF-16. Save it as “CSV UTF-8”."
