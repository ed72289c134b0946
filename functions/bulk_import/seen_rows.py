"""Remembers the identifiers and identities that a file has used, for files of any size.

They are kept on disk as hashes under a key that exists for one run only: a NIR is a small number, so a plain hash of it
left in a temporary file would reveal it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from bulk_import.import_rows import MemberRow
    from member_access.values.types import Identifier

_SCHEMA = """
    PRAGMA journal_mode = OFF;
    PRAGMA cache_size = -8192;
    CREATE TABLE identifiers (hash BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID;
    CREATE TABLE identities (hash BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID;
    CREATE TABLE mentioned (hash BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE postponed (line INTEGER PRIMARY KEY);
    BEGIN;
"""
"""One transaction, never committed: only data beyond 8 MiB of memory goes to disk."""


class SeenRows:
    """The rows of one run, in a database that is deleted at the end of the ``with`` block.

    Args:
        key: 32 random bytes.

    Attributes:
        unreadable: the number of rows without a readable identifier.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.unreadable = 0

    def __enter__(self) -> Self:
        self._directory = TemporaryDirectory(prefix="member-import-")
        self._database = sqlite3.connect(Path(self._directory.name) / "seen.sqlite", isolation_level=None)
        self._database.executescript(_SCHEMA)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._database.close()
        self._directory.cleanup()

    def register(self, row: MemberRow, line: int) -> str | None:
        """Record the identifier and the identity of a row, unless an earlier row has used either.

        Returns:
            Why the row is rejected, or None.
        """
        nir, birth_date, postcode = row.identity.nir, row.identity.birth_date, row.identity.postcode
        identifier = self._hash("identifier", row.details.identifier)
        identity = self._hash("identity", nir.reveal(), birth_date.reveal(), postcode.normalised)
        if first := self._line("SELECT line FROM identifiers WHERE hash = ?", identifier):
            return f"identifier: already on line {first}, which was used"
        if first := self._line("SELECT line FROM identities WHERE hash = ?", identity):
            return f"nir, birth_date and postcode: already on line {first}, which was used"
        self._database.execute("INSERT INTO identifiers VALUES (?, ?)", (identifier, line))
        self._database.execute("INSERT INTO identities VALUES (?, ?)", (identity, line))
        return None

    def mention(self, identifier: Identifier | None) -> None:
        """Record a rejected row: its member is in the file, if the identifier is readable."""
        if identifier is None:
            self.unreadable += 1
        else:
            self._database.execute(
                "INSERT OR IGNORE INTO mentioned VALUES (?)", (self._hash("identifier", identifier),)
            )

    def mentions(self, identifier: Identifier) -> bool:
        """Whether a row of the file has an identifier, be it a good row or a rejected one."""
        identified = self._hash("identifier", identifier)
        queries = ("SELECT 1 FROM identifiers WHERE hash = ?", "SELECT 1 FROM mentioned WHERE hash = ?")
        return any(self._line(query, identified) for query in queries)

    def postpone(self, line: int) -> None:
        """Postpone the row of a line to the end of the import."""
        self._database.execute("INSERT INTO postponed VALUES (?)", (line,))

    def settle(self, line: int) -> None:
        """Remove a line from the postponed rows."""
        self._database.execute("DELETE FROM postponed WHERE line = ?", (line,))

    def postponed(self) -> Iterator[int]:
        """Yield the postponed lines in the order of the file."""
        line = 0
        while next_line := self._line("SELECT min(line) FROM postponed WHERE line > ?", line):
            line = next_line
            yield line

    def _line(self, query: str, argument: bytes | int) -> int | None:
        found = self._database.execute(query, (argument,)).fetchone()
        return found[0] if found else None

    def _hash(self, purpose: str, *fields: str) -> bytes:
        message = "\0".join(fields).encode()
        return hashlib.blake2b(message, digest_size=16, key=self._key, person=purpose.encode()).digest()
