"""``python -m ops import FILE``: loads the insurer's members into a stack and reports rows beside FILE."""

from __future__ import annotations

import signal
import sqlite3
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bulk_import.file_kinds import UnreadableFile
from bulk_import.import_rows import COLUMNS
from bulk_import.row_writer import Outcome
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, Result
from ops.file_import import FileImport
from ops.import_files import missing_path, report_path

if TYPE_CHECKING:
    from collections.abc import Generator

CEILING_PERCENT = 5.0


class FileUnusable(CommandFailed):
    """The insurer's file, or one beside it, cannot be used."""

    status = ExitStatus.UNUSABLE


class NotRemoved(CommandFailed):
    """The missing members stay. The message says why."""


@command(
    "import",
    "Load a file of members.",
    f"Load FILE, a CSV or an .xlsx workbook with the columns {', '.join(COLUMNS)}: adds new members, updates changed "
    "ones and keeps every PIN. Rows that are rejected or loaded with remarks are listed in FILE.report.csv.",
    {
        ExitStatus.DONE: "if every row was imported, with remarks or without",
        ExitStatus.ATTENTION: "if some were rejected, or missing members were to be removed and were not",
        ExitStatus.UNUSABLE: "if the file cannot be read",
    },
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Reject rows that would be loaded with remarks.")
@click.option("--by-aws", is_flag=True, help="Upload FILE and let AWS load it; Ctrl-C ends the command, not the load.")
@click.option("--list-missing", is_flag=True, help="List the members whom FILE lacks in FILE.missing.csv.")
@click.option("--remove-missing", is_flag=True, help="List them, and remove them after a confirmation.")
@click.option(
    "--ceiling",
    metavar="PERCENT",
    type=float,
    default=CEILING_PERCENT,
    show_default=True,
    help="Remove no one if FILE lacks a larger share of the members.",
)
@click.option("--yes", is_flag=True, help="Remove without a confirmation.")
def import_command(  # noqa: PLR0913 - the options of the command
    desk: Desk,
    file: Path,
    *,
    strict: bool,
    by_aws: bool,
    list_missing: bool,
    remove_missing: bool,
    ceiling: float,
    yes: bool,
) -> Result:
    """Import a file, and say the outcome, after an interruption too.

    Raises:
        LoadFailed: AWS did not finish the load.
        StillLoading: Ctrl-C was pressed; AWS goes on.
        FileUnusable: the file cannot be read, or one beside it not written; rows already written stay.
        NotRemoved: missing members were to be removed and stay.
        StackNotFound: the stack was deployed from another template.
        Unavailable: an AWS service did not respond; rows already written stay.
    """
    if by_aws + list_missing + remove_missing > 1:
        raise click.UsageError("Choose one: --by-aws, --list-missing, or --remove-missing, which lists them too.")
    with (
        desk.action("import") as outcome,
        _named(file),
        terminated_like_interrupted(),
        FileImport(desk, file) as run,
    ):
        for path in (report_path(file), missing_path(file)):
            path.unlink(missing_ok=True)
        try:
            (run.load_by_aws if by_aws else run.load)(strict=strict)
        except BaseException:
            if run.outcomes:
                _say(
                    run, *run.sentences(), "The rows imported so far are kept. Import the same file again to continue."
                )
            raise
        finally:
            outcome.update(run.data())
        _say(run, *run.sentences())
        if list_missing or remove_missing:
            _settle_missing(run, ceiling if remove_missing else None, yes=yes)
            outcome.update(run.data())
    status = ExitStatus.ATTENTION if run.outcomes[Outcome.REJECTED] else ExitStatus.DONE
    return Result([], {"report": str(report_path(file)), **run.data()}, status)


def _say(run: FileImport, *lines: str) -> None:
    for line in lines:
        run.desk.say(line)


def _settle_missing(run: FileImport, ceiling: float | None, *, yes: bool) -> None:
    found = run.list_missing()
    share = f"{found.missing:,} of {found.members:,} members ({found.percent:.1f} %)"
    run.desk.say(f"The file lacks {share}: {missing_path(run.file)}")
    if ceiling is None or not found.missing:
        return
    if run.unreadable:
        raise NotRemoved(
            f"No member was removed: {run.unreadable:,} rows have no readable identifier, and may be of members who "
            "seem to be missing. Correct them first."
        )
    if found.percent > ceiling:
        raise NotRemoved(
            f"No member was removed: more than {ceiling:g} % are missing. If the file is complete, set another "
            "--ceiling."
        )
    if not yes and not _confirmed(f"Remove {found.missing:,} members? Type yes: "):
        raise NotRemoved("No member was removed: the removal was not confirmed (--yes confirms it).")
    try:
        run.remove_missing()
    finally:
        run.desk.say(f"Members removed: {run.removed:,}.")


def _confirmed(question: str) -> bool:
    return sys.stdin.isatty() and input(question).strip().lower() == "yes"


@contextmanager
def _named(file: Path) -> Generator[None]:
    try:
        yield
    except UnreadableFile as error:
        raise FileUnusable(f"{file} cannot be imported. {error}") from None
    except OSError as error:
        raise FileUnusable(f"{error.filename or file} cannot be used: {error.strerror}.") from None
    except sqlite3.OperationalError as error:
        raise FileUnusable(f"The folder for temporary files cannot be used: {error}.") from None


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
