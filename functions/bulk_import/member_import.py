"""Imports members: reads a file row by row and updates the Members table to match it.

One thread reads the rows and decides which are valid, so the outcome does not depend on timing; other threads call KMS
and DynamoDB, for a bounded number of batches at once. A batch costs one read for a hundred rows and one transaction for
fifty new members; KMS is called only for rows whose secret data have changed (``SourceHash``).

A row whose identity still belongs to another member is postponed and tried again at the end, round after round, until a
round writes none: the order of rows does not matter. (Two members who swap identities are both rejected.) Each round
reads the whole file again, because postponed rows are kept as line numbers only: memory stays constant. Every write can
be repeated: after a crash, import the same file again.
"""

from __future__ import annotations

import csv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TextIO

from bulk_import.bounded_map import bounded_map
from bulk_import.import_rows import RejectedRow, parse_row, readable_identifier
from bulk_import.row_writer import Outcome

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bulk_import.csv_records import CsvFile, Record
    from bulk_import.import_rows import MemberRow
    from bulk_import.row_writer import Obstacle, RowWriter, Written
    from bulk_import.seen_rows import SeenRows
    from member_access.values.types import Identifier, Instant

BATCH = 100
"""The rows of a batch: as many as BatchGetItem reads at once."""

_REMARKED = "loaded with remarks"
"""Why a postponed row is rejected in the end."""


@dataclass(frozen=True)
class ImportRules:
    """The rules of an import.

    Attributes:
        identifier_pattern: the stack's pattern for identifiers.
        now: birth dates after it are rejected.
        workers: the number of batches written at once.
        strict: whether a row with remarks is rejected.
    """

    identifier_pattern: re.Pattern[str]
    now: Instant
    workers: int
    strict: bool = False

    def row(self, record: Record) -> MemberRow:
        """Parse the row of a record that is not broken.

        Raises:
            RejectedRow: with every reason.
        """
        row = parse_row(record.fields, self.identifier_pattern, self.now)
        if self.strict and row.remarks:
            raise RejectedRow(row.remarks)
        return row


class ImportReport:
    """A CSV of each row that was rejected or loaded with remarks: line, identifier (if readable), outcome and reason.

    It repeats no other value.

    Attributes:
        remarked: the number of rows loaded with remarks.
    """

    COLUMNS = ("line", "identifier", "outcome", "reason")

    def __init__(self, handle: TextIO) -> None:
        self._writer = csv.writer(handle, lineterminator="\n")
        self._writer.writerow(self.COLUMNS)
        self.remarked = 0

    def reject(self, line: int, identifier: Identifier | None, reason: str) -> None:
        """Add a rejected row."""
        self._writer.writerow((line, identifier or "", "rejected", reason))

    def remark(self, line: int, identifier: Identifier, remarks: Iterable[str]) -> None:
        """Add a row that was loaded with remarks."""
        self._writer.writerow((line, identifier, _REMARKED, "; ".join(remarks)))
        self.remarked += 1

    def repeat(self, row: Mapping[str, str]) -> None:
        """Add a row of another report, by column."""
        self._writer.writerow([row[column] for column in self.COLUMNS])
        self.remarked += row["outcome"] == _REMARKED


class NumberedRow(NamedTuple):
    """A valid row and its line."""

    line: int
    row: MemberRow


@dataclass(frozen=True)
class RowJudge:
    """Decides row by row, in the order of the file, which rows count.

    Attributes:
        rules: the rules for rows.
        seen: the rows of this import; empty at first.
        report: receives every rejected row.
        outcomes: counts them.
    """

    rules: ImportRules
    seen: SeenRows
    report: ImportReport
    outcomes: Counter[Outcome]

    def good_row(self, record: Record) -> NumberedRow | None:
        """Return a record's row, or None if it is rejected or an earlier row has its identifier or identity."""
        row = self._parsed(record)
        if row and (reason := self.seen.register(row, record.line)):
            self.reject(record.line, row.details.identifier, reason)
            return None
        return NumberedRow(record.line, row) if row else None

    def _parsed(self, record: Record) -> MemberRow | None:
        reason = record.problem
        if not reason:
            try:
                return self.rules.row(record)
            except RejectedRow as rejected:
                reason = str(rejected)
        self.reject(record.line, readable_identifier(record.fields, self.rules.identifier_pattern), reason)
        return None

    def reject(self, line: int, identifier: Identifier | None, reason: str) -> None:
        """Report and count a rejected row."""
        self.report.reject(line, identifier, reason)
        self.seen.mention(identifier)
        self.outcomes[Outcome.REJECTED] += 1


@dataclass(frozen=True)
class MemberImport:
    """One import of one file.

    Attributes:
        rules: the rules for rows.
        writer: writes rows into the Members table.
        seen: the rows of this import; empty at first.
        report: receives every rejected row.
        outcomes: counts each row when it is done, so it is correct after an interruption too.
    """

    rules: ImportRules
    writer: RowWriter
    seen: SeenRows
    report: ImportReport
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def run(self, file: CsvFile, settled: Callable[[], None]) -> None:
        """Import a file.

        Args:
            file: the insurer's file.
            settled: called after each batch of rows.

        Raises:
            Unavailable: KMS or DynamoDB did not respond; rows already written stay, and are counted.
        """

        def done(batch: _WrittenBatch) -> None:
            for place, outcome in sorted(batch.written.outcomes.items()):
                good = batch.rows[place]
                if isinstance(outcome, Outcome):
                    self._count(good, outcome)
                else:
                    self.seen.postpone(good.line)
            settled()
            if batch.written.error:
                raise batch.written.error

        judge = RowJudge(self.rules, self.seen, self.report, self.outcomes)
        rows = (good for record in file.records() if (good := judge.good_row(record)))
        workers = self.rules.workers
        with ThreadPoolExecutor(workers, "import") as executor:
            bounded_map(executor, self._write, batches(rows), limit=2 * workers, done=done)
        while self._settle_postponed(file, settled):
            pass
        for good in self._postponed_rows(file):
            outcome = self._try_again(good)
            if isinstance(outcome, Outcome):
                self._count(good, outcome)
            else:
                judge.reject(good.line, good.row.details.identifier, outcome.value)
            settled()

    def _write(self, rows: list[NumberedRow]) -> _WrittenBatch:
        return _WrittenBatch(rows, self.writer.write([good.row for good in rows]))

    def _settle_postponed(self, file: CsvFile, settled: Callable[[], None]) -> bool:
        """Read the whole file again and try the postponed rows, one after another.

        Returns:
            Whether one was written: then another may now be possible.
        """
        progress = False
        for good in self._postponed_rows(file):
            outcome = self._try_again(good)
            if isinstance(outcome, Outcome):
                self._count(good, outcome)
                self.seen.settle(good.line)
                progress = True
                settled()
        return progress

    def _try_again(self, good: NumberedRow) -> Outcome | Obstacle:
        written = self.writer.write([good.row])
        if written.error:
            raise written.error
        return written.outcomes[0]

    def _postponed_rows(self, file: CsvFile) -> Iterator[NumberedRow]:
        lines = self.seen.postponed()
        line = next(lines, None)
        if not line:
            return
        for record in file.records():
            if record.line == line:
                if not record.problem:
                    yield NumberedRow(line, self.rules.row(record))
                line = next(lines, None)

    def _count(self, good: NumberedRow, outcome: Outcome) -> None:
        self.outcomes[outcome] += 1
        if good.row.remarks:
            self.report.remark(good.line, good.row.details.identifier, good.row.remarks)


class _WrittenBatch(NamedTuple):
    rows: list[NumberedRow]
    written: Written


def batches(rows: Iterator[NumberedRow]) -> Iterator[list[NumberedRow]]:
    """Yield the rows in batches of the size that a writer takes."""
    while batch := list(islice(rows, BATCH)):
        yield batch
