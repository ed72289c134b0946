"""Imports members: reads a file row by row and updates the Members table to match it.

One thread reads the rows and decides which are valid, so the outcome does not depend on timing; other threads call KMS
and DynamoDB, for a bounded number of rows at once. A row whose identity still belongs to another member is postponed
and tried again at the end, round after round, until a round writes none: the order of rows does not matter. (Two
members who swap identities are both rejected.) Each round reads the whole file again, because postponed rows are kept
as line numbers only: memory stays constant. Every write can be repeated: after a crash, import the same file again.
"""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TextIO

from bulk_import.bounded_map import bounded_map
from bulk_import.import_rows import RejectedRow, parse_row, readable_identifier
from bulk_import.member_store import IdentityTaken, MemberRecord
from member_access.pins.own_data import own_data
from member_access.platform.aws import retrying

if TYPE_CHECKING:
    import re
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping

    from bulk_import.csv_records import CsvFile, Record
    from bulk_import.import_rows import MemberRow
    from bulk_import.member_store import MemberStore
    from bulk_import.seen_rows import SeenRows
    from member_access.members.keyed_hashes import KeyedHashes
    from member_access.members.own_data_hashes import OwnDataHasher
    from member_access.values.types import Identifier, Instant

_TRIES = 5
_FIRST_PAUSE_SECONDS = 0.05
IDENTITY_TAKEN = "nir, birth_date and postcode: already used by another identifier"
"""Why a postponed row is rejected in the end."""


class Outcome(Enum):
    """The outcome of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class ImportRules:
    """The rules of an import.

    Attributes:
        identifier_pattern: the stack's pattern for identifiers.
        now: birth dates after it are rejected.
        workers: the number of rows written at once.
    """

    identifier_pattern: re.Pattern[str]
    now: Instant
    workers: int


class ImportReport:
    """A CSV of line, identifier (if readable) and reason of each rejected row. It repeats no other value.

    Args:
        handle: the file.
        header: whether to begin it with a header; not if it continues a report.
    """

    def __init__(self, handle: TextIO, *, header: bool = True) -> None:
        self._writer = csv.writer(handle, lineterminator="\n")
        if header:
            self._writer.writerow(("line", "identifier", "reason"))

    def reject(self, line: int, identifier: Identifier | None, reason: str) -> None:
        """Add a rejected row."""
        self._writer.writerow((line, identifier or "", reason))


class NumberedRow(NamedTuple):
    """A row and the number of its line."""

    line: int
    row: MemberRow


@dataclass(frozen=True)
class RowJudge:
    """Decides row by row, in the order of the file, which rows count.

    Attributes:
        rules: the rules for rows.
        seen: the rows of this import; empty at first.
        report: receives every rejected row.
        outcomes: counts rejected rows.
    """

    rules: ImportRules
    seen: SeenRows
    report: ImportReport
    outcomes: Counter[Outcome]

    def good_row(self, record: Record) -> NumberedRow | None:
        """Return a record's row, or None if it is rejected or an earlier row has its identifier or identity."""
        row = self.parsed(record)
        if row and (reason := self.seen.register(row, record.line)):
            self.reject(record.line, row.details.identifier, reason)
            return None
        return NumberedRow(record.line, row) if row else None

    def parsed(self, record: Record) -> MemberRow | None:
        """Return a record's row, or None if it is rejected."""
        pattern = self.rules.identifier_pattern
        reason = record.problem
        if not reason:
            try:
                return parse_row(record.fields, pattern, self.rules.now)
            except RejectedRow as rejected:
                reason = str(rejected)
        self.reject(record.line, readable_identifier(record.fields, pattern), reason)
        return None

    def reject(self, line: int, identifier: Identifier | None, reason: str) -> None:
        """Report and count a rejected row."""
        self.report.reject(line, identifier, reason)
        self.outcomes[Outcome.REJECTED] += 1


@dataclass(frozen=True)
class MemberWriter:
    """Writes rows; safe to share between threads.

    Attributes:
        hashes: hashes identities and IBANs.
        own_data: hashes the PINs that members' own data give.
        store: the Members table.
        pause: waits a number of seconds before a conflicting write is tried again.
    """

    hashes: KeyedHashes
    own_data: OwnDataHasher
    store: MemberStore
    pause: Callable[[float], None]

    def record(self, row: MemberRow) -> MemberRecord:
        """Hash what a member's item keeps as hashes.

        Raises:
            Unavailable: KMS did not respond.
        """
        details, identity, iban = row.details, row.identity, row.iban
        return MemberRecord(
            details,
            self.hashes.of_identity(identity.nir, identity.birth_date, identity.postcode),
            self.hashes.of_iban(details.identifier, iban.last_six) if iban else None,
            self.own_data.hash(details.identifier, own_data(identity.birth_date, identity.nir, iban)),
        )

    def save(self, record: MemberRecord) -> Outcome | None:
        """Write a member.

        Returns:
            The outcome, or None if the identity belongs to another member.

        Raises:
            Unavailable: DynamoDB did not respond.
        """
        write = retrying(_TRIES, pause=lambda tried: self.pause(_FIRST_PAUSE_SECONDS * 2**tried))(self._write)
        try:
            return write(record)
        except IdentityTaken:
            return None

    def _write(self, record: MemberRecord) -> Outcome:
        was = self.store.fetch(record.details.identifier)
        outcome = outcome_of(was, record)
        if was is None:
            self.store.add(record)
        elif outcome is Outcome.CHANGED:
            self.store.change(was, record)
        return outcome


def outcome_of(was: Mapping[str, str] | None, record: MemberRecord) -> Outcome:
    """Return the outcome of writing a member over what the table holds."""
    if was is None:
        return Outcome.NEW
    return Outcome.UNCHANGED if was == record.attributes() else Outcome.CHANGED


@dataclass(frozen=True)
class MemberImport:
    """One import of one file.

    Attributes:
        judge: decides which rows count.
        writer: writes them.
    """

    judge: RowJudge
    writer: MemberWriter

    @property
    def outcomes(self) -> Counter[Outcome]:
        """The number of rows by outcome; each is counted when it is done, so it is correct after an interruption."""
        return self.judge.outcomes

    def run(self, file: CsvFile, settled: Callable[[], None]) -> None:
        """Import a file.

        Args:
            file: the insurer's file.
            settled: called after each row that was written.

        Raises:
            UnreadableFile: this is not a file of members; rows already written stay.
            Unavailable: KMS or DynamoDB did not respond; rows already written stay.
        """
        workers = self.judge.rules.workers
        with ThreadPoolExecutor(workers, "import") as executor:
            rows = (good for record in file.records() if (good := self.judge.good_row(record)))
            for good, outcome in bounded_map(executor, self._save, rows, limit=4 * workers):
                if outcome:
                    self.outcomes[outcome] += 1
                else:
                    self.judge.seen.postpone(good.line)
                settled()
        while self._settle_postponed(file, settled):
            pass
        for good in self._postponed_rows(file):
            self.judge.reject(good.line, good.row.details.identifier, IDENTITY_TAKEN)
            settled()

    def _settle_postponed(self, file: CsvFile, settled: Callable[[], None]) -> bool:
        """Read the whole file again and try the postponed rows, one after another.

        Returns:
            Whether one was written: then another may now be possible.
        """
        progress = False
        for good in self._postponed_rows(file):
            if outcome := self._save(good):
                self.outcomes[outcome] += 1
                self.judge.seen.settle(good.line)
                progress = True
                settled()
        return progress

    def _postponed_rows(self, file: CsvFile) -> Iterator[NumberedRow]:
        lines = self.judge.seen.postponed()
        line = next(lines, None)
        if not line:
            return
        for record in file.records():
            if record.line == line:
                if row := self.judge.parsed(record):
                    yield NumberedRow(line, row)
                line = next(lines, None)

    def _save(self, good: NumberedRow) -> Outcome | None:
        return self.writer.save(self.writer.record(good.row))
