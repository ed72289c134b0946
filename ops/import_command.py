"""``python -m ops import FILE``: loads the insurer's members into a stack and reports on rows beside FILE."""

from __future__ import annotations

import re
import secrets
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bulk_import.file_kinds import UnreadableFile
from bulk_import.import_rows import COLUMNS
from bulk_import.member_import import ImportReport, ImportRules, MemberImport
from bulk_import.member_store import MemberStore
from bulk_import.row_writer import Outcome, RowWriter
from bulk_import.seen_rows import SeenRows
from member_access.errors import MemberAccessError, Unavailable
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.values.types import Identifier, Instant
from ops.import_files import beside, missing_path, opened_members, report_path
from ops.load_by_aws import LoadByAws, LoadFailed, StillLoading
from ops.missing_members import MissingMembers
from ops.stack import WORKERS, StackNotFound, add_stack_options, chosen_stack

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator

    from ops.stack import Stack

CEILING_PERCENT = 5.0
_ROWS_WORTH_A_RATE = 1_000


class ExitStatus(IntEnum):
    """The exit status of the process."""

    ALL_IMPORTED = 0
    SOME_REJECTED = 1
    FILE_UNREADABLE = 2
    STACK_UNAVAILABLE = 3
    NONE_REMOVED = 4
    INTERRUPTED = 130


class NotRemoved(MemberAccessError):
    """The missing members stay. The message says why."""


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``import`` one of the subcommands."""
    parser = subcommands.add_parser(
        "import",
        help="load a file of members",
        description="Load a file of members: adds new members, updates changed ones and keeps every PIN. "
        "Rows that are rejected or loaded with remarks are listed in FILE.report.csv.",
        epilog="Exit status: 0 if every row was imported, with remarks or without, 1 if some were rejected, 2 if the "
        "file cannot be read, 3 if the stack does not respond, 4 if missing members were to be removed and were not.",
    )
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=f"a CSV or an .xlsx workbook with the columns {', '.join(COLUMNS)}"
    )
    parser.add_argument("--strict", action="store_true", help="reject rows that would be loaded with remarks")
    missing = parser.add_mutually_exclusive_group()
    missing.add_argument(
        "--by-aws", action="store_true", help="upload FILE and let AWS load it; Ctrl-C ends the command, not the load"
    )
    missing.add_argument(
        "--list-missing", action="store_true", help="list the members whom FILE lacks in FILE.missing.csv"
    )
    missing.add_argument(
        "--remove-missing", action="store_true", help="list them, and remove them after a confirmation"
    )
    parser.add_argument(
        "--ceiling",
        metavar="PERCENT",
        type=float,
        default=CEILING_PERCENT,
        help="remove no one if FILE lacks a larger share of the members (default: %(default)g)",
    )
    parser.add_argument("--yes", action="store_true", help="remove without a confirmation")
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Import a file as the command line says, and print the outcome.

    Returns:
        The exit status of the process.
    """
    file: Path = arguments.file
    run = _Run(arguments)
    try:
        with terminated_like_interrupted():
            for path in (report_path(file), missing_path(file)):
                path.unlink(missing_ok=True)
            run.import_file(chosen_stack(arguments))
        status = ExitStatus.SOME_REJECTED if run.outcomes[Outcome.REJECTED] else ExitStatus.ALL_IMPORTED
        problem = ""
    except _PROBLEMS as error:
        problem, status = _explain(error, file)
    if run.outcomes or not problem:
        run.print_counts()
    if problem:
        print(problem, file=sys.stderr)
    if run.outcomes and problem and status is not ExitStatus.NONE_REMOVED:
        print("The rows imported so far are kept. Import the same file again to continue.")
    return status


_PROBLEMS = (
    UnreadableFile,
    OSError,
    sqlite3.OperationalError,
    StackNotFound,
    Unavailable,
    NotRemoved,
    LoadFailed,
    StillLoading,
    KeyboardInterrupt,
)


class _Run:
    """One run of the command."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._file: Path = arguments.file
        self._now = Instant(int(time.time()))
        self.outcomes: Counter[Outcome] = Counter()
        self.report: ImportReport | None = None
        self._remarked = 0
        self._printed = False
        self._started = time.monotonic()

    def import_file(self, stack: Stack) -> None:
        """Import the file into a stack, with a progress bar on a terminal, and look for missing members if asked to.

        Raises:
            UnreadableFile: this is not a file of members.
            OSError: a file cannot be read or written; rows already written stay.
            StackNotFound: the stack was deployed from another template.
            Unavailable: an AWS service did not respond; rows already written stay.
            NotRemoved: missing members were to be removed and stay.
        """
        if self._arguments.by_aws:
            self._load_by_aws(stack)
            return
        pattern = stack.parameters.get("IdentifierPattern", Identifier.DEFAULT_PATTERN.pattern)
        rules = ImportRules(re.compile(pattern, re.ASCII), self._now, WORKERS, self._arguments.strict)
        with ExitStack() as opened:
            file = opened.enter_context(opened_members(self._file))
            store = MemberStore(stack.dynamodb(), stack.output("MembersTable"), time.sleep)
            hashes = KeyedHashes(stack.kms(), stack.output("IndexKeyArn"))
            own_data = OwnDataHasher.from_kms(stack.kms(), stack.output("OwnDataKeyArn"))
            self.report = ImportReport(opened.enter_context(beside(report_path(self._file))))
            for note in file.notes:
                print(f"{self._file}: {note}")
            seen = opened.enter_context(SeenRows(secrets.token_bytes(32)))
            writer = RowWriter(hashes, own_data, store, time.sleep)
            with _progress_bar() as bar:
                task = bar.add_task(self._file.name, total=file.size)
                MemberImport(rules, writer, seen, self.report, self.outcomes).run(
                    file.records, lambda: bar.update(task, completed=file.records.position)
                )
            if self._arguments.list_missing or self._arguments.remove_missing:
                self.print_counts()
                self._settle_missing(seen, stack)

    def _load_by_aws(self, stack: Stack) -> None:
        with opened_members(self._file) as file, _progress_bar() as bar:
            tasks = {step: bar.add_task(f"{self._file.name}: {step}", total=None) for step in ("upload", "load")}
            bucket, machine = stack.output("ImportBucket"), stack.output("ImportStateMachineArn")
            loaded = LoadByAws(
                stack.s3(), stack.stepfunctions(), bucket, machine, lambda: datetime.now(UTC), time.sleep
            ).run(
                file.rows,
                lambda step, done, total: bar.update(tasks[step], completed=done, total=total),
                strict=self._arguments.strict,
                report=lambda: beside(report_path(self._file)),
            )
            self.outcomes.update(loaded.outcomes)
            self._remarked = loaded.remarked
            for note in (*file.notes, *(one for one in loaded.notes if one not in file.notes)):
                print(f"{self._file}: {note}")

    def print_counts(self) -> None:
        """Print how many rows had which outcome, once."""
        if self._printed:
            return
        self._printed = True
        total = self.outcomes.total()
        if not total:
            print(f"{self._file}: The file has a header and no rows.")
            return
        counts = ", ".join(f"{self.outcomes[outcome]:,} {outcome.value}" for outcome in Outcome)
        remarked = self.report.remarked if self.report else self._remarked
        remarks = f" {remarked:,} loaded with remarks." if remarked else ""
        print(f"{self._file}: {total:,} {'row' if total == 1 else 'rows'}: {counts}.{remarks}")
        if total >= _ROWS_WORTH_A_RATE:
            print(f"{total / (time.monotonic() - self._started):,.0f} rows a second.")
        if remarked or self.outcomes[Outcome.REJECTED]:
            print(f"Reasons and remarks: {report_path(self._file)}")

    def _settle_missing(self, seen: SeenRows, stack: Stack) -> None:
        listed = missing_path(self._file)
        members = MissingMembers(stack.dynamodb(), stack.output("MembersTable"), listed)
        with _progress_bar() as bar:
            task = bar.add_task("members", total=None)
            found = members.list(seen, lambda number: bar.update(task, completed=number))
        missing = f"{found.missing:,} of {found.members:,} members ({found.percent:.1f} %)"
        print(f"The file lacks {missing}: {listed}")
        if not self._arguments.remove_missing or not found.missing:
            return
        if seen.unreadable:
            raise NotRemoved(
                f"No member was removed: {seen.unreadable:,} rows have no readable identifier, and may be of members "
                "who seem to be missing. Correct them first."
            )
        if found.percent > self._arguments.ceiling:
            raise NotRemoved(
                f"No member was removed: more than {self._arguments.ceiling:g} % are missing. If the file is complete, "
                "set another --ceiling."
            )
        if not self._arguments.yes and not _confirmed(f"Remove {found.missing:,} members? Type yes: "):
            raise NotRemoved("No member was removed: the removal was not confirmed (--yes confirms it).")
        removed = 0

        def count() -> None:
            nonlocal removed
            removed += 1

        try:
            members.remove(self._now, count)
        finally:
            print(f"Members removed: {removed:,}.")


def _confirmed(question: str) -> bool:
    return sys.stdin.isatty() and input(question).strip().lower() == "yes"


def _progress_bar() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


@contextmanager
def terminated_like_interrupted() -> Generator[None]:
    """Let SIGTERM end the command as Ctrl-C does: calls under way are finished, and counted."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _explain(error: BaseException, file: Path) -> tuple[str, ExitStatus]:
    match error:
        case UnreadableFile():
            said, status = f"{file} cannot be imported. {error}", ExitStatus.FILE_UNREADABLE
        case OSError():
            said, status = f"{error.filename or file} cannot be used: {error.strerror}.", ExitStatus.FILE_UNREADABLE
        case sqlite3.OperationalError():
            said, status = f"The folder for temporary files cannot be used: {error}.", ExitStatus.FILE_UNREADABLE
        case StackNotFound():
            said, status = str(error), ExitStatus.STACK_UNAVAILABLE
        case Unavailable():
            said, status = f"The stack did not respond as expected: {error}.", ExitStatus.STACK_UNAVAILABLE
        case LoadFailed():
            said, status = str(error), ExitStatus.STACK_UNAVAILABLE
        case StillLoading():
            said, status = str(error), ExitStatus.INTERRUPTED
        case NotRemoved():
            said, status = str(error), ExitStatus.NONE_REMOVED
        case _:
            said, status = "Interrupted.", ExitStatus.INTERRUPTED
    return said, status
