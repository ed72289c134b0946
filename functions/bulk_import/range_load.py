"""The worker of a load by AWS: writes the rows of one range, by the same code as ``ops import``.

It may end at any moment and be called again. So it records what its rows are, new, changed or unchanged, before it
writes the first of them; the second call finds rows unchanged that the first has written, and counts them by the
record. Every other write can be repeated.

A row whose identity still belongs to another member is postponed to the next round, in which the engine calls the
workers of such ranges again: then the other member's row, in any range, has been written.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_import.bounded_map import bounded_map
from bulk_import.csv_records import RecordReader
from bulk_import.dialect import Dialect
from bulk_import.import_rows import RejectedRow, parse_row
from bulk_import.load_plan import ByteRange
from bulk_import.member_import import outcome_of
from member_access.errors import MemberAccessError
from member_access.values.types import Instant

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Mapping

    from bulk_import.import_rows import MemberRow
    from bulk_import.load_objects import LoadObjects
    from bulk_import.member_import import MemberWriter
    from bulk_import.member_store import MemberRecord
    from member_access.values.types import Identifier

    _Records = dict[int, MemberRecord]
    """What to write, by line."""


class OtherRules(MemberAccessError):
    """The worker rejects a row that the first step has accepted: code or parameters changed during the load."""


@dataclass(frozen=True)
class RangeLoad:
    """Loads ranges of one file.

    Attributes:
        objects: the objects of the load.
        identifier_pattern: the stack's pattern for identifiers.
        workers: the number of rows written at once.
        writer: writes members.
    """

    objects: LoadObjects
    identifier_pattern: re.Pattern[str]
    workers: int
    writer: MemberWriter

    def run(self, number: int, round_: int) -> None:
        """Load the rows of a range, and write their outcome into the bucket.

        Args:
            number: the number of the range.
            round_: 1 for all rows of the range; 2 and more for those that the round before has postponed.

        Raises:
            OtherRules: a row that the first step has accepted is rejected now.
            Unavailable: an AWS service does not respond; rows already written stay.
        """
        with ThreadPoolExecutor(self.workers, "load") as executor:
            intents = None if round_ == 1 else self._postponed_before(number, round_)
            records = self._records(executor, number, intents)
            kept = self.writer.store.fetch_all([record.details.identifier for record in records.values()])
            if intents is None:
                intents = self._first_intents(number, records, kept)
            left = {line: one for line, one in records.items() if kept.get(one.details.identifier) != one.attributes()}
            postponed = self._save(executor, left)
        settled = Counter(intents[line] for line in records.keys() - postponed.keys())
        self.objects.put(
            f"parts/{round_}/{number}",
            {
                "settled": settled,
                "postponed": [(line, intents[line], one.details.identifier) for line, one in sorted(postponed.items())],
            },
        )

    def _postponed_before(self, number: int, round_: int) -> dict[int, str]:
        before = self.objects.get(f"parts/{round_ - 1}/{number}")
        return {line: intent for line, intent, _ in before["postponed"]}

    def _records(self, executor: ThreadPoolExecutor, number: int, wanted: Collection[int] | None) -> _Records:
        found = bounded_map(
            executor,
            lambda row: self.writer.record(row[1]),
            self._rows(number, wanted),
            limit=4 * self.workers,
        )
        return {line: record for (line, _), record in found}

    def _rows(self, number: int, wanted: Collection[int] | None) -> Iterator[tuple[int, MemberRow]]:
        plan = self.objects.get("plan")
        dialect, now = Dialect.load(plan["dialect"]), Instant(plan["now"])
        given = ByteRange.from_json(self.objects.get(f"ranges/{number}"))
        skipped = frozenset(given.rejected)
        with self.objects.open_file(given.start, given.end) as file:
            for record in RecordReader(file, dialect, line=given.first_line).records():
                if record.line in skipped or (wanted is not None and record.line not in wanted):
                    continue
                try:
                    yield record.line, parse_row(record.fields, self.identifier_pattern, now)
                except RejectedRow as rejected:
                    raise OtherRules(f"line {record.line} is rejected now: {rejected}") from None

    def _first_intents(
        self, number: int, records: _Records, kept: Mapping[Identifier, Mapping[str, str]]
    ) -> dict[int, str]:
        found = {line: outcome_of(kept.get(one.details.identifier), one).value for line, one in records.items()}
        first = self.objects.put_first(f"intents/{number}", found)
        return {int(line): intent for line, intent in first.items()}

    def _save(self, executor: ThreadPoolExecutor, records: _Records) -> _Records:
        """Write members, and again those that wait for another of them, until nothing moves any more.

        Returns:
            Those whose identity belongs to another member.
        """
        left = records
        while left:
            found = bounded_map(executor, lambda one: self.writer.save(one[1]), left.items(), limit=4 * self.workers)
            postponed = {line: record for (line, record), outcome in found if outcome is None}
            if len(postponed) == len(left):
                break
            left = postponed
        return left
