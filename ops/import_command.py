"""``python -m ops import FILE``: loads the insurer's members into a stack and reports rejected rows beside FILE."""

from __future__ import annotations

import re
import secrets
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bulk_import.csv_records import CsvFile, UnreadableFile
from bulk_import.import_rows import COLUMNS
from bulk_import.member_import import ImportReport, ImportRules, MemberImport, Outcome
from bulk_import.member_store import MemberStore
from bulk_import.seen_rows import SeenRows
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.values.types import Identifier, Instant
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, Result
from ops.stack import WORKERS

if TYPE_CHECKING:
    from ops.stack import Stack


class FileUnusable(CommandFailed):
    """The insurer's file, or the report beside it, cannot be used."""

    status = ExitStatus.UNUSABLE


def report_path(file: Path) -> Path:
    """Return the path of a file's report, in the same folder."""
    return Path(f"{file}.report.csv")


@command(
    "import",
    "Load a CSV file of members.",
    f"Load FILE, a UTF-8 file with the columns {', '.join(COLUMNS)}: adds new members, updates changed ones and keeps "
    "every PIN. Rejected rows are listed in FILE.report.csv.",
    {
        ExitStatus.DONE: "if every row was imported",
        ExitStatus.ATTENTION: "if some were rejected",
        ExitStatus.UNUSABLE: "if the file cannot be read",
    },
)
@click.argument("file", type=click.Path(path_type=Path))
def import_command(desk: Desk, file: Path) -> Result:
    """Import a file, and print the outcome, after an interruption too.

    Raises:
        FileUnusable: the file cannot be read, or its report not written; rows already written stay.
        StackNotFound: the stack was deployed from another template.
        Unavailable: an AWS service did not respond.
    """
    outcomes: Counter[Outcome] = Counter()
    with desk.action("import") as outcome:
        try:
            import_file(file, desk.stack, desk.clock(), outcomes)
        except UnreadableFile as error:
            raise FileUnusable(f"{file} cannot be imported. {error}") from None
        except OSError as error:
            raise FileUnusable(f"{error.filename or file} cannot be used: {error.strerror}.") from None
        finally:
            outcome.update({kind.value: outcomes[kind] for kind in Outcome})
            if outcomes and sys.exc_info()[0]:
                desk.say(_sentence(file, outcomes))
                desk.say("The rows imported so far are kept. Import the same file again to continue.")
    lines = [_sentence(file, outcomes)]
    if outcomes[Outcome.REJECTED]:
        lines.append(f"Rejected rows and reasons: {report_path(file)}")
    status = ExitStatus.ATTENTION if outcomes[Outcome.REJECTED] else ExitStatus.DONE
    return Result(lines, {"report": str(report_path(file)), **outcome}, status)


def _sentence(file: Path, outcomes: Counter[Outcome]) -> str:
    counts = ", ".join(f"{outcomes[outcome]:,} {outcome.value}" for outcome in Outcome)
    return f"{file}: {outcomes.total():,} {'row' if outcomes.total() == 1 else 'rows'}: {counts}."


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
        MemberImport(
            ImportRules(re.compile(pattern, re.ASCII), now, WORKERS),
            hashes,
            own_data,
            store,
            seen,
            report,
            time.sleep,
            outcomes,
        ).run(file, lambda: bar.update(task, completed=file.position))
