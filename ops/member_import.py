"""The import of members: reads a file row by row and brings the Members table to what it says.

One thread reads and decides which rows count, so that the outcome does not depend on who is fastest; the
calls to KMS and DynamoDB are made by a few others, and never more rows are under way than those can take. A
row whose identity still belongs to another member is tried again at the end, as long as the file goes on
moving identities from one member to another: the order of its rows does not matter. (Two members who swap
theirs are both refused.) Every write is safe to repeat: after a crash the same file is imported again.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from member_access.platform.aws import retrying
from ops.bounded_map import bounded_map
from ops.errors import IdentityTaken, RefusedRow
from ops.import_rows import parse_row, readable_identifier
from ops.member_store import MemberRecord

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from member_access.members.keyed_hashes import KeyedHashes
    from member_access.values.types import Identifier, Instant
    from ops.csv_records import CsvFile, Record
    from ops.import_report import ImportReport
    from ops.import_rows import MemberRow
    from ops.member_store import MemberStore
    from ops.seen_rows import SeenRows

_TRIES = 5
_FIRST_PAUSE_SECONDS = 0.05


class Outcome(Enum):
    """The outcome of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "rejected"


@dataclass(frozen=True)
class ImportRules:
    """The rules of an import.

    Attributes:
        identifier_pattern: the stack's pattern for identifiers.
        now: the present; a later birth date is rejected.
        workers: how many rows are written at once.
    """

    identifier_pattern: re.Pattern[str]
    now: Instant
    workers: int


class _NumberedRow(NamedTuple):
    line: int
    row: MemberRow


@dataclass(frozen=True)
class MemberImport:
    """One import of one file.

    Attributes:
        rules: what counts as a good row, and how many are written at once.
        hashes: for identities and IBANs.
        store: the Members table.
        seen: the rows of this import; empty at first.
        report: receives every rejected row.
        pause: waits a number of seconds before a conflicting write is retried.
        outcomes: counts every row as it is done, so that it is also correct after an interruption.
    """

    rules: ImportRules
    hashes: KeyedHashes
    store: MemberStore
    seen: SeenRows
    report: ImportReport
    pause: Callable[[float], None]
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def run(self, file: CsvFile, settled: Callable[[], None]) -> None:
        """Import a file.

        Args:
            file: the insurer's file.
            settled: is called after each row that was written.

        Raises:
            UnreadableFile: this is not such a file; rows written before a broken line stay.
            Unavailable: KMS or DynamoDB did not respond; rows already written stay.
        """
        workers = self.rules.workers
        with ThreadPoolExecutor(workers, "import") as executor:
            for good, outcome in bounded_map(executor, self._save, self._good_rows(file), limit=4 * workers):
                if outcome:
                    self.outcomes[outcome] += 1
                else:
                    self.seen.postpone(good.line)
                settled()
        while self._settle_postponed(file, settled):
            pass
        for good in self._postponed_rows(file):
            reason = "nir, birth_date and postcode: already used by another identifier"
            self._refuse(good.line, good.row.details.identifier, reason)
            settled()

    def _good_rows(self, file: CsvFile) -> Iterator[_NumberedRow]:
        for record in file.records():
            row = self._parsed(record)
            if not row:
                continue
            if reason := self.seen.claim(row, record.line):
                self._refuse(record.line, row.details.identifier, reason)
            else:
                yield _NumberedRow(record.line, row)

    def _settle_postponed(self, file: CsvFile, settled: Callable[[], None]) -> bool:
        """Try the postponed rows again, one after another.

        Returns:
            Whether one was written: then another may have become possible.
        """
        progress = False
        for good in self._postponed_rows(file):
            if outcome := self._save(good):
                self.outcomes[outcome] += 1
                self.seen.settle(good.line)
                progress = True
                settled()
        return progress

    def _postponed_rows(self, file: CsvFile) -> Iterator[_NumberedRow]:
        lines = self.seen.postponed()
        line = next(lines, None)
        if not line:
            return
        for record in file.records():
            if record.line == line:
                if row := self._parsed(record):
                    yield _NumberedRow(line, row)
                line = next(lines, None)

    def _parsed(self, record: Record) -> MemberRow | None:
        pattern = self.rules.identifier_pattern
        reason = record.problem
        if not reason:
            try:
                return parse_row(record.fields, pattern, self.rules.now)
            except RefusedRow as refused:
                reason = str(refused)
        self._refuse(record.line, readable_identifier(record.fields, pattern), reason)
        return None

    def _refuse(self, line: int, identifier: Identifier | None, reason: str) -> None:
        self.report.refuse(line, identifier, reason)
        self.outcomes[Outcome.REFUSED] += 1

    def _save(self, good: _NumberedRow) -> Outcome | None:
        """Write a row.

        Returns:
            What became of it, or None where its identity belongs to another member.

        Raises:
            Unavailable: KMS or DynamoDB did not answer.
        """
        details, identity, iban = good.row.details, good.row.identity, good.row.iban
        record = MemberRecord(
            details,
            self.hashes.of_identity(identity.nir, identity.birth_date, identity.postcode),
            self.hashes.of_iban(details.identifier, iban) if iban else None,
        )
        write = retrying(_TRIES, pause=lambda tried: self.pause(_FIRST_PAUSE_SECONDS * 2**tried))(self._write)
        try:
            return write(record)
        except IdentityTaken:
            return None

    def _write(self, record: MemberRecord) -> Outcome:
        was = self.store.read(record.details.identifier)
        if was is None:
            self.store.add(record)
            return Outcome.NEW
        if was == record.attributes():
            return Outcome.UNCHANGED
        self.store.change(was, record)
        return Outcome.CHANGED
