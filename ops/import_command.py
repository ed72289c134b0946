"""``python -m ops import FILE``: loads the insurer's members into a stack."""

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

from member_access.errors import Unavailable
from member_access.members.keyed_hashes import KeyedHashes
from member_access.values.types import Identifier, Instant
from ops.csv_records import CsvFile
from ops.errors import StackNotFound, UnreadableFile
from ops.import_report import ImportReport, report_path
from ops.import_rows import COLUMNS
from ops.member_import import ImportRules, MemberImport, Outcome
from ops.member_store import MemberStore
from ops.seen_rows import SeenRows
from ops.stack import WORKERS, add_stack_options, chosen_stack

if TYPE_CHECKING:
    import argparse

    from ops.stack import Stack


class ExitStatus(IntEnum):
    """What the process ends with."""

    ALL_TAKEN = 0
    SOME_REFUSED = 1
    FILE_UNREADABLE = 2
    STACK_UNAVAILABLE = 3
    INTERRUPTED = 130


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``import`` one of the subcommands."""
    parser = subcommands.add_parser(
        "import",
        help="load a CSV file of members",
        description="Load a CSV file of members: new ones are added, changed ones changed, PINs kept. "
        "Rows that are refused are told in FILE.report.csv.",
        epilog="Exit status: 0 every row was taken, 1 some were refused, 2 the file cannot be read, "
        "3 the stack does not answer.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help=f"UTF-8; columns {', '.join(COLUMNS)}")
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Import a file as the command line says, and tell the outcome.

    Returns:
        The exit status of the process.
    """
    outcomes: Counter[Outcome] = Counter()
    problem = None
    try:
        import_file(arguments.file, chosen_stack(arguments), Instant(int(time.time())), outcomes)
        status = ExitStatus.SOME_REFUSED if outcomes[Outcome.REFUSED] else ExitStatus.ALL_TAKEN
    except (UnreadableFile, OSError, StackNotFound, Unavailable, KeyboardInterrupt) as error:
        problem, status = _told(error, arguments.file)
        print(problem, file=sys.stderr)
    if outcomes or not problem:
        counts = ", ".join(f"{outcomes[outcome]:,} {outcome.value}" for outcome in Outcome)
        print(f"{arguments.file}: {outcomes.total():,} rows: {counts}.")
    if outcomes[Outcome.REFUSED]:
        print(f"Which rows were refused, and why: {report_path(arguments.file)}")
    if outcomes and problem:
        print("What was imported stays. Import the same file again to go on.")
    return status


def _told(error: BaseException, file: Path) -> tuple[str, ExitStatus]:
    match error:
        case UnreadableFile():
            return f"{file} cannot be imported. {error}", ExitStatus.FILE_UNREADABLE
        case OSError():
            return f"{error.filename or file} cannot be used: {error.strerror}.", ExitStatus.FILE_UNREADABLE
        case StackNotFound():
            return str(error), ExitStatus.STACK_UNAVAILABLE
        case Unavailable():
            return f"The stack does not answer as it should: {error}.", ExitStatus.STACK_UNAVAILABLE
        case _:
            return "Interrupted.", ExitStatus.INTERRUPTED


def import_file(path: Path, stack: Stack, now: Instant, outcomes: Counter[Outcome]) -> None:
    """Import a file into a stack, with a progress bar on a terminal and a report beside the file.

    Args:
        path: the insurer's file.
        stack: where its members go.
        now: nobody is born after it.
        outcomes: grows by one with every row.

    Raises:
        UnreadableFile: it is no file of members; what came before a line of no end stays imported.
        StackNotFound: the stack was deployed from another template.
        Unavailable: an AWS service did not answer; what was written stays.
    """
    pattern = stack.parameters.get("IdentifierPattern", Identifier.DEFAULT_PATTERN.pattern)
    console = Console(stderr=True)
    with ExitStack() as opened:
        file = CsvFile(opened.enter_context(path.open("rb")), COLUMNS)
        store = MemberStore(stack.dynamodb(), stack.output("MembersTable"))
        hashes = KeyedHashes(stack.kms(), stack.output("IndexKeyArn"))
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
        MemberImport(
            ImportRules(re.compile(pattern, re.ASCII), now, WORKERS),
            hashes,
            store,
            seen,
            report,
            time.sleep,
            outcomes,
        ).run(file, lambda: bar.update(task, completed=file.position))
