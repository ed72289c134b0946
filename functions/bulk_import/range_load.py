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
from typing import TYPE_CHECKING, NamedTuple

from bulk_import.csv_records import RecordReader
from bulk_import.dialect import Dialect
from bulk_import.import_rows import RejectedRow
from bulk_import.load_plan import ByteRange
from bulk_import.member_import import ImportRules, NumberedRow, batches
from bulk_import.row_writer import Obstacle, Outcome
from member_access.errors import MemberAccessError
from member_access.values.types import Instant

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bulk_import.load_objects import LoadObjects
    from bulk_import.row_writer import RowWriter


class OtherRules(MemberAccessError):
    """The worker rejects a row that the first step has accepted: code or parameters changed during the load."""


class _Postponed(NamedTuple):
    good: NumberedRow
    obstacle: Obstacle


@dataclass(frozen=True)
class RangeLoad:
    """Loads ranges of one file.

    Attributes:
        objects: the objects of the load.
        identifier_pattern: the stack's pattern for identifiers.
        workers: the number of batches written at once.
        writer: writes rows.
    """

    objects: LoadObjects
    identifier_pattern: re.Pattern[str]
    workers: int
    writer: RowWriter

    def run(self, number: int, round_: int) -> None:
        """Load the rows of a range, and write their outcome into the bucket.

        Args:
            number: the number of the range.
            round_: 1 for all rows of the range; 2 and more for those that the round before has postponed.

        Raises:
            OtherRules: a row that the first step has accepted is rejected now.
            Unavailable: an AWS service does not respond; rows already written stay.
        """
        wanted = None if round_ == 1 else self._postponed_before(number, round_)
        rows = list(self._rows(number, wanted))
        with ThreadPoolExecutor(self.workers, "load") as executor:
            foreseen = self._foresee(executor, rows)
            intents = self._first_intents(number, foreseen) if wanted is None else wanted
            left = [good for good in rows if foreseen[good.line] is not Outcome.UNCHANGED]
            postponed = self._write(executor, left)
        waiting = {good.line for good, _ in postponed}
        settled = Counter(intents[good.line] for good in rows if good.line not in waiting)
        self.objects.put(
            f"parts/{round_}/{number}",
            {
                "settled": settled,
                "postponed": [
                    (good.line, intents[good.line], good.row.details.identifier, obstacle.name)
                    for good, obstacle in postponed
                ],
            },
        )

    def _postponed_before(self, number: int, round_: int) -> dict[int, str]:
        before = self.objects.get(f"parts/{round_ - 1}/{number}")
        return {line: intent for line, intent, *_ in before["postponed"]}

    def _rows(self, number: int, wanted: Collection[int] | None) -> Iterator[NumberedRow]:
        plan = self.objects.get("plan")
        rules = ImportRules(self.identifier_pattern, Instant(plan["now"]), self.workers, plan["strict"])
        given = ByteRange.from_json(self.objects.get(f"ranges/{number}"))
        rejected = frozenset(given.rejected)
        with self.objects.open_file(given.start, given.end) as file:
            for record in RecordReader(file, Dialect.load(plan["dialect"]), line=given.first_line).records():
                if record.line in rejected or (wanted is not None and record.line not in wanted):
                    continue
                try:
                    yield NumberedRow(record.line, rules.row(record))
                except RejectedRow as error:
                    raise OtherRules(f"line {record.line} is rejected now: {error}") from None

    def _foresee(self, executor: ThreadPoolExecutor, rows: Sequence[NumberedRow]) -> dict[int, Outcome]:
        def foresee(batch: list[NumberedRow]) -> list[Outcome]:
            return self.writer.foresee([good.row for good in batch])

        outcomes = (outcome for found in executor.map(foresee, batches(iter(rows))) for outcome in found)
        return {good.line: outcome for good, outcome in zip(rows, outcomes, strict=True)}

    def _first_intents(self, number: int, foreseen: Mapping[int, Outcome]) -> dict[int, str]:
        first = self.objects.put_first(f"intents/{number}", {line: outcome.value for line, outcome in foreseen.items()})
        return {int(line): intent for line, intent in first.items()}

    def _write(self, executor: ThreadPoolExecutor, rows: Sequence[NumberedRow]) -> list[_Postponed]:
        """Write rows, and again those that wait for another of them, until nothing moves any more.

        Returns:
            Those that were not written, and why.
        """
        left = list(rows)
        postponed: list[_Postponed] = []
        while left:
            postponed = [one for found in executor.map(self._write_batch, batches(iter(left))) for one in found]
            if len(postponed) == len(left):
                break
            left = [good for good, _ in postponed]
        return postponed

    def _write_batch(self, batch: list[NumberedRow]) -> list[_Postponed]:
        written = self.writer.write([good.row for good in batch])
        if written.error:
            raise written.error
        outcomes = [(good, written.outcomes[place]) for place, good in enumerate(batch)]
        return [_Postponed(good, outcome) for good, outcome in outcomes if isinstance(outcome, Obstacle)]
