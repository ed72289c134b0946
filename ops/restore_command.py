"""``python -m ops restore``: brings the members back into new tables, which the stack then adopts by parameter."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentTypeError
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from member_access.errors import Unavailable
from member_access.values.types import Instant
from ops.restored_tables import NotEmpty, RestoredTables
from ops.stack import add_stack_options, chosen_stack

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ops.stack import Stack

_LATEST = "latest"


class ExitStatus(IntEnum):
    """The exit status of the process."""

    RESTORED = 0
    REFUSED = 1


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``restore`` one of the subcommands."""
    parser = subcommands.add_parser(
        "restore",
        help="bring the members back into new tables",
        description="Restore the Members table as it was at a moment into a new table, raise the version of every "
        "credential, create an empty Access table, and print the parameters with which the stack adopts both. The "
        "stack's present tables stay as they are. After an interruption run the same command again; after --at latest, "
        "run it with --restored TABLE.",
        epilog="Exit status: 0 if both tables are ready, 1 if they cannot be made, 3 if the stack does not respond.",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--at", metavar="TIME", type=_moment, help='such as 2026-11-29T22:00:00Z, or "latest"')
    source.add_argument("--restored", metavar="TABLE", help="a Members table that you restored by other means")
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Restore as the command line says, and print what to do next.

    Returns:
        The exit status of the process.

    Raises:
        StackNotFound: there is no such stack.
    """
    try:
        stack = chosen_stack(arguments)
        now = Instant(int(time.time()))
        members, access = restore(stack, arguments.at or None, arguments.restored, now, time.sleep)
    except NotEmpty as error:
        print(f"{error}, so it is in use. Delete it, or restore to another moment.", file=sys.stderr)
        return ExitStatus.REFUSED
    except Unavailable as error:
        print(f"AWS did not do it: {error}. Run the same command again to continue.", file=sys.stderr)
        return ExitStatus.REFUSED
    print("Write both lines into the environment of samconfig.toml, and deploy:")
    print(f'  AdoptedMembersTable = "{members}"')
    print(f'  AdoptedAccessTable = "{access}"')
    print("Then import the insurer's latest file: changes and removals since that moment are lost.")
    return ExitStatus.RESTORED


def restore(
    stack: Stack, at: str | datetime | None, restored: str | None, now: Instant, pause: Callable[[float], None]
) -> tuple[str, str]:
    """Make both tables.

    Args:
        stack: whose members are restored.
        at: the moment, or ``latest``.
        restored: a Members table that is restored already, instead of a moment.
        now: the lowest new version of a credential.
        pause: waits for a number of seconds.

    Returns:
        The names of the Members and the Access table.

    Raises:
        NotEmpty: the Access table of that name is in use.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS refused or did not respond, or the stack uses that Members table already.
    """
    moment = at if isinstance(at, datetime) else None
    label = f"{moment or datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}"
    source = stack.output("MembersTable")
    members = restored or f"{stack.name}-members-{label}"
    access = f"{members}-access"
    if members == source:
        raise Unavailable(f"the stack uses {members} already")
    tables = RestoredTables(stack.dynamodb(), pause, print)
    if not restored:
        tables.restore_members(source, members, moment)
        print(f"{members}: restored from {source}.")
    tables.protect(members, source)
    print(f"{members}: deletion protection and point-in-time recovery are on.")
    print(f"{members}: {tables.raise_versions(members, now):,} credential versions raised.")
    tables.create_access_table(access)
    tables.protect(access, stack.output("AccessTable"))
    print(f"{access}: empty, with time to live, deletion protection and point-in-time recovery.")
    return members, access


def _moment(text: str) -> str | datetime:
    if text == _LATEST:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no time; write it like 2026-11-29T22:00:00Z") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError(f"{text} has no time zone; write it like 2026-11-29T22:00:00Z")
    return moment.astimezone(UTC)
