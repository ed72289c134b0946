"""The last step of each round of a load by AWS: starts another round, or joins the report and deletes the file.

Another round is of use while rows are postponed and the latest round has written some: which rows can be written does
not depend on their order, so the end is that of ``ops import``.
"""

from __future__ import annotations

import io
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from bulk_import.dialect import Dialect
from bulk_import.member_import import IDENTITY_TAKEN, ImportReport, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_import.load_objects import LoadObjects
    from member_access.values.types import Identifier

_READ_AT_ONCE = 16


class _Part(NamedTuple):
    number: int
    settled: Mapping[str, int]
    postponed: list[tuple[int, str, Identifier]]


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
        outcomes[Outcome.REJECTED.value] += self._join_report(round_)
        counts = {outcome.value: outcomes[outcome.value] for outcome in Outcome}
        return self._end({"outcomes": counts, "notes": Dialect.load(plan["dialect"]).notes}, counts)

    def _join_report(self, round_: int) -> int:
        """Write the report, with the rows that no round could write at its end.

        Returns:
            The number of those rows.
        """
        count = 0
        with TemporaryFile() as joined:
            with self.objects.open_rejected() as rejected:
                shutil.copyfileobj(rejected, joined)
            text = io.TextIOWrapper(joined, "utf-8", newline="")
            report = ImportReport(text, header=False)
            for part in self._parts(round_):
                for line, _, identifier in part.postponed:
                    report.reject(line, identifier, IDENTITY_TAKEN)
                    count += 1
            text.detach()
            joined.seek(0)
            self.objects.put_report(joined)
        return count

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
