"""Imports a file into a stack, with a progress bar on a terminal, and finds the members whom it lacks."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bulk_import.aws_clients import WORKERS
from bulk_import.member_import import ImportReport, ImportRules, MemberImport
from bulk_import.member_store import MemberStore
from bulk_import.row_writer import Outcome, RowWriter
from bulk_import.seen_rows import SeenRows
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.members.tombstones import TombstoneKeys
from ops.import_files import beside, missing_path, opened_members, report_path
from ops.load_by_aws import LoadByAws
from ops.missing_members import MissingMembers

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from ops.desk import Desk
    from ops.missing_members import Missing

_ROWS_WORTH_A_RATE = 1_000


class FileImport:
    """One import of one file, within a ``with`` block.

    Attributes:
        outcomes: the number of rows of each outcome; true at every moment.
        removed: the missing members who were removed.
    """

    def __init__(self, desk: Desk, file: Path) -> None:
        self.desk = desk
        self.file = file
        self.outcomes: Counter[Outcome] = Counter()
        self.removed = 0
        self._report: ImportReport | None = None
        self._remarked_by_aws = 0
        self._seen = SeenRows(secrets.token_bytes(32))
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        self._seen.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._seen.__exit__(kind, error, traceback)

    def load(self, *, strict: bool) -> None:
        """Import the file.

        Args:
            strict: whether rows with remarks are rejected.

        Raises:
            UnreadableFile: this is not a file of members.
            OSError: a file cannot be read or written; rows already written stay.
            StackNotFound: the stack was deployed from another template.
            Unavailable: an AWS service did not respond; rows already written stay.
        """
        stack, now = self.desk.stack, self.desk.clock()
        rules = ImportRules(stack.identifier_pattern, now, WORKERS, strict)
        with ExitStack() as opened:
            file = opened.enter_context(opened_members(self.file))
            store = MemberStore(stack.dynamodb(), self.desk.table, self._tombstones, time.sleep)
            hashes = KeyedHashes(stack.kms(), stack.output("IndexKeyArn"))
            own_data = OwnDataHasher.from_kms(stack.kms(), stack.output("OwnDataKeyArn"))
            self._report = ImportReport(opened.enter_context(beside(report_path(self.file))))
            for note in file.notes:
                self.desk.say(f"{self.file}: {note}")
            bar = opened.enter_context(progress_bar())
            task = bar.add_task(self.file.name, total=file.size)
            writer = RowWriter(hashes, own_data, store, self.desk.clock, time.sleep)
            MemberImport(rules, writer, self._seen, self._report, self.outcomes).run(
                file.records, lambda: bar.update(task, completed=file.records.position)
            )

    def load_by_aws(self, *, strict: bool) -> None:
        """Let AWS load the file, or follow the load of the same file that runs.

        Args:
            strict: whether rows with remarks are rejected.

        Raises:
            UnreadableFile: this is not a file of members.
            OSError: a file cannot be read or written.
            LoadFailed: another load runs, or AWS did not finish this one.
            StillLoading: Ctrl-C was pressed; AWS goes on.
            StackNotFound: the stack was deployed from another template.
            Unavailable: AWS does not respond.
        """
        stack = self.desk.stack
        bucket, machine = stack.output("ImportBucket"), stack.output("ImportStateMachineArn")
        load = LoadByAws(stack.s3(), stack.stepfunctions(), bucket, machine, lambda: datetime.now(UTC), time.sleep)
        with opened_members(self.file) as file, progress_bar() as bar:
            tasks = {step: bar.add_task(f"{self.file.name}: {step}", total=None) for step in ("upload", "load")}
            loaded = load.run(
                file.rows,
                lambda step, done, total: bar.update(tasks[step], completed=done, total=total),
                strict=strict,
                report=lambda: beside(report_path(self.file)),
            )
        self.outcomes.update(loaded.outcomes)
        self._remarked_by_aws = loaded.remarked
        for note in dict.fromkeys((*file.notes, *loaded.notes)):
            self.desk.say(f"{self.file}: {note}")

    def sentences(self) -> list[str]:
        """Say how many rows had which outcome."""
        total, remarked = self.outcomes.total(), self._remarked
        if not total:
            return [f"{self.file}: The file has a header and no rows."]
        counts = ", ".join(f"{self.outcomes[outcome]:,} {outcome.value}" for outcome in Outcome)
        remarks = f" {remarked:,} loaded with remarks." if remarked else ""
        lines = [f"{self.file}: {total:,} {'row' if total == 1 else 'rows'}: {counts}.{remarks}"]
        if total >= _ROWS_WORTH_A_RATE:
            lines.append(f"{total / (time.monotonic() - self._started):,.0f} rows a second.")
        if remarked or self.outcomes[Outcome.REJECTED]:
            lines.append(f"Reasons and remarks: {report_path(self.file)}")
        return lines

    def data(self) -> dict[str, int]:
        """Return all counts."""
        counts = {outcome.value: self.outcomes[outcome] for outcome in Outcome}
        return {**counts, "with_remarks": self._remarked, "removed": self.removed}

    def list_missing(self) -> Missing:
        """List the members whom the file lacks in a file of their own.

        Raises:
            OSError: the list cannot be written.
            Unavailable: DynamoDB did not respond.
        """
        with progress_bar() as bar:
            task = bar.add_task("members", total=None)
            return self._missing.list(self._seen, lambda number: bar.update(task, completed=number))

    def remove_missing(self) -> None:
        """Remove the members of that list.

        Raises:
            Unavailable: DynamoDB did not respond; those removed so far stay removed.
        """
        self._missing.remove(self.desk.clock(), self._count_removed)

    @cached_property
    def _tombstones(self) -> TombstoneKeys:
        return TombstoneKeys.from_kms(self.desk.stack.kms(), self.desk.stack.output("IndexKeyArn"))

    @property
    def _missing(self) -> MissingMembers:
        stack = self.desk.stack
        return MissingMembers(stack.dynamodb(), self.desk.table, self._tombstones, missing_path(self.file))

    @property
    def unreadable(self) -> int:
        """The number of rows without a readable identifier."""
        return self._seen.unreadable

    @property
    def _remarked(self) -> int:
        return self._report.remarked if self._report else self._remarked_by_aws

    def _count_removed(self) -> None:
        self.removed += 1


def progress_bar() -> Progress:
    """Make a progress bar for a terminal, which stays silent elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)
