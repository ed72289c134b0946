"""``python -m ops import FILE``: loads the insurer's members into a stack and reports rejected rows beside FILE."""

from __future__ import annotations

import re
import secrets
import sys
import time
from collections import Counter
from contextlib import ExitStack
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bulk_import.csv_records import CsvFile
from bulk_import.file_kinds import UnreadableFile
from bulk_import.import_rows import COLUMNS
from bulk_import.member_import import ImportReport, ImportRules, MemberImport, MemberWriter, Outcome, RowJudge
from bulk_import.member_store import MemberStore
from bulk_import.seen_rows import SeenRows
from member_access.errors import Unavailable
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.values.types import Identifier, Instant
from ops.stack import WORKERS, StackNotFound, add_stack_options, chosen_stack

if TYPE_CHECKING:
    import argparse

    from ops.stack import Stack


class ExitStatus(IntEnum):
    """The exit status of the process."""

    ALL_IMPORTED = 0
    SOME_REJECTED = 1
    FILE_UNREADABLE = 2
    STACK_UNAVAILABLE = 3
    INTERRUPTED = 130


def report_path(file: Path) -> Path:
    """Return the path of a file's report, in the same folder."""
    return Path(f"{file}.report.csv")


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``import`` one of the subcommands."""
    parser = subcommands.add_parser(
        "import",
        help="load a CSV file of members",
        description="Load a CSV file of members: adds new members, updates changed ones and keeps every PIN. "
        "Rejected rows are listed in FILE.report.csv.",
        epilog="Exit status: 0 if every row was imported, 1 if some were rejected, 2 if the file cannot be read, "
        "3 if the stack does not respond.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help=f"a UTF-8 file with the columns {', '.join(COLUMNS)}")
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Import a file as the command line says, and print the outcome.

    Returns:
        The exit status of the process.
    """
    outcomes: Counter[Outcome] = Counter()
    problem = None
    try:
        import_file(arguments.file, chosen_stack(arguments), Instant(int(time.time())), outcomes)
        status = ExitStatus.SOME_REJECTED if outcomes[Outcome.REJECTED] else ExitStatus.ALL_IMPORTED
    except (UnreadableFile, OSError, StackNotFound, Unavailable, KeyboardInterrupt) as error:
        problem, status = _explain(error, arguments.file)
        print(problem, file=sys.stderr)
    if outcomes or not problem:
        counts = ", ".join(f"{outcomes[outcome]:,} {outcome.value}" for outcome in Outcome)
        print(f"{arguments.file}: {outcomes.total():,} {'row' if outcomes.total() == 1 else 'rows'}: {counts}.")
    if outcomes[Outcome.REJECTED]:
        print(f"Rejected rows and reasons: {report_path(arguments.file)}")
    if outcomes and problem:
        print("The rows imported so far are kept. Import the same file again to continue.")
    return status


def _explain(error: BaseException, file: Path) -> tuple[str, ExitStatus]:
    match error:
        case UnreadableFile():
            return f"{file} cannot be imported. {error}", ExitStatus.FILE_UNREADABLE
        case OSError():
            return f"{error.filename or file} cannot be used: {error.strerror}.", ExitStatus.FILE_UNREADABLE
        case StackNotFound():
            return str(error), ExitStatus.STACK_UNAVAILABLE
        case Unavailable():
            return f"The stack did not respond as expected: {error}.", ExitStatus.STACK_UNAVAILABLE
        case _:
            return "Interrupted.", ExitStatus.INTERRUPTED


def import_file(path: Path, stack: Stack, now: Instant, outcomes: Counter[Outcome]) -> None:
    """Import a file into a stack, with a progress bar on a terminal and a report beside the file.

    Args:
        path: the insurer's file.
        stack: the stack to load the members into.
        now: birth dates after it are rejected.
        outcomes: counts the outcome of every row.

    Raises:
        UnreadableFile: this is not a file of members; rows already written stay.
        StackNotFound: the stack was deployed from another template.
        Unavailable: an AWS service did not respond; rows already written stay.
    """
    pattern = stack.parameters.get("IdentifierPattern", Identifier.DEFAULT_PATTERN.pattern)
    console = Console(stderr=True)
    with ExitStack() as opened:
        file = CsvFile(opened.enter_context(path.open("rb")), COLUMNS)
        store = MemberStore(stack.dynamodb(), stack.output("MembersTable"))
        hashes = KeyedHashes(stack.kms(), stack.output("IndexKeyArn"))
        own_data = OwnDataHasher.from_kms(stack.kms(), stack.output("OwnDataKeyArn"))
        report = ImportReport(opened.enter_context(report_path(path).open("w", encoding="utf-8")))
        seen = opened.enter_context(SeenRows(secrets.token_bytes(32)))
        bar = opened.enter_context(
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TimeRemainingColumn(),
                console=console,
                disable=not console.is_terminal,
            )
        )
        task = bar.add_task(path.name, total=path.stat().st_size)
        rules = ImportRules(re.compile(pattern, re.ASCII), now, WORKERS)
        MemberImport(RowJudge(rules, seen, report, outcomes), MemberWriter(hashes, own_data, store, time.sleep)).run(
            file, lambda: bar.update(task, completed=file.position)
        )
