"""The last step of each round of a load by AWS: starts another round, or joins the report and deletes the file.

Another round is of use while rows are postponed and the latest round has written some: which rows can be written does
not depend on their order, so the end is that of ``ops import``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from bulk_import.dialect import Dialect
from bulk_import.member_import import ImportReport
from bulk_import.row_writer import Obstacle, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_import.load_objects import LoadObjects
    from member_access.values.types import Identifier

_READ_AT_ONCE = 16


class _Part(NamedTuple):
    number: int
    settled: Mapping[str, int]
    postponed: list[tuple[int, str, Identifier, str]]


@dataclass(frozen=True)
class RoundEnd:
    """Ends rounds of a load.

    Attributes:
        objects: the objects of the load.
    """

    objects: LoadObjects

    def run(self, round_: int) -> dict[str, int] | None:
        """Write the ranges of the next round, or the report and the counts of the load.

        Args:
            round_: the number of the round whose ranges are done, from 1.

        Returns:
            The counts by outcome, or None if there is another round.

        Raises:
            Unavailable: S3 does not respond.
        """
        plan = self.objects.get("plan")
        if "unreadable" in plan:
            return self._end({"unreadable": plan["unreadable"]}, {})
        waiting, settled = [], 0
        for part in self._parts(round_):
            settled += sum(part.settled.values())
            if part.postponed:
                waiting.append(part.number)
        if waiting and settled:
            self.objects.put(f"rounds/{round_ + 1}", [{"range": number} for number in waiting])
            return None
        outcomes: Counter[str] = Counter({Outcome.REJECTED.value: plan["rejected"]})
        for earlier in range(1, round_ + 1):
            for part in self._parts(earlier):
                outcomes.update(part.settled)
        rejected, remarked = self._join_report(round_)
        outcomes[Outcome.REJECTED.value] += rejected
        counts = {outcome.value: outcomes[outcome.value] for outcome in Outcome}
        notes = Dialect.load(plan["dialect"]).notes
        return self._end({"outcomes": counts, "remarked": remarked, "notes": notes}, counts)

    def _join_report(self, round_: int) -> tuple[int, int]:
        """Write the report, in the order of the file: what the first step knew, and the rows that no round could write.

        Returns:
            The number of those rows, and the number of rows loaded with remarks.
        """
        rejected = 0
        with TemporaryFile() as joined, self.objects.open_judged() as judged:
            written = io.TextIOWrapper(joined, "utf-8", newline="")
            report = ImportReport(written)
            known = csv.DictReader(io.TextIOWrapper(judged, "utf-8", newline=""))
            last = next(known, None)
            for line, identifier, obstacle in self._never_written(round_):
                while last and int(last["line"]) < line:
                    report.repeat(last)
                    last = next(known, None)
                # The row was not loaded after all, with remarks or without.
                if last and int(last["line"]) == line:
                    last = next(known, None)
                report.reject(line, identifier, obstacle.value)
                rejected += 1
            while last:
                report.repeat(last)
                last = next(known, None)
            written.detach()
            joined.seek(0)
            self.objects.put_report(joined)
        return rejected, report.remarked

    def _never_written(self, round_: int) -> Iterator[tuple[int, Identifier, Obstacle]]:
        for part in self._parts(round_):
            for line, _, identifier, obstacle in part.postponed:
                yield line, identifier, Obstacle[obstacle]

    def _end(self, outcome: object, counts: dict[str, int]) -> dict[str, int]:
        self.objects.put_outcome(outcome)
        self.objects.delete_file()
        return counts

    def _parts(self, round_: int) -> Iterator[_Part]:
        """Read the outcomes of a round's ranges, in the order of the file."""
        numbers: list[int] = [item["range"] for item in self.objects.get(f"rounds/{round_}")]
        with ThreadPoolExecutor(_READ_AT_ONCE) as executor:
            for start in range(0, len(numbers), _READ_AT_ONCE):
                some = numbers[start : start + _READ_AT_ONCE]
                found = executor.map(self.objects.get, (f"parts/{round_}/{number}" for number in some))
                for number, part in zip(some, found, strict=True):
                    yield _Part(number, part["settled"], part["postponed"])
