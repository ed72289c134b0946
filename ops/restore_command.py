"""``python -m ops restore``: brings the members back into new tables, which the stack then adopts by parameter."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from member_access.errors import Unavailable
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, Result
from ops.restored_tables import NotEmpty, RestoredTables

if TYPE_CHECKING:
    from collections.abc import Callable


_LATEST = "latest"


class RestoreRefused(CommandFailed):
    """The tables cannot be made; the message says why."""


class _Moment(click.ParamType):
    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str | datetime:
        if value == _LATEST:
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no time; write it like 2026-11-29T22:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value} has no time zone; write it like 2026-11-29T22:00:00Z", param, ctx)
        return moment.astimezone(UTC)


@command(
    "restore",
    "Bring the members back into new tables.",
    "Restore the Members table as it was at a moment into a new table, raise the version of every credential, create "
    "an empty Access table, and print the parameters with which the stack adopts both. The stack's present tables stay "
    "as they are. After an interruption run the same command again; after --at latest, run it with --restored TABLE.",
    {ExitStatus.DONE: "if both tables are ready", ExitStatus.ATTENTION: "if they cannot be made"},
)
@click.option("--at", type=_Moment(), help='A moment, such as 2026-11-29T22:00:00Z, or "latest".')
@click.option("--restored", metavar="TABLE", help="A Members table that you restored by other means.")
def restore_command(desk: Desk, at: str | datetime | None, restored: str | None) -> Result:
    """Restore, and say what to do next.

    Raises:
        RestoreRefused: AWS did not do it, or the new Access table is in use.
        StackNotFound: the stack was deployed from another template.
    """
    if bool(at) == bool(restored):
        raise click.UsageError("Choose one: --at TIME, or --restored TABLE.")
    with desk.action("restore", at=str(at or ""), restored=restored or ""):
        try:
            members, access = restore(desk, at, restored, time.sleep)
        except NotEmpty as error:
            raise RestoreRefused(f"{error}, so it is in use. Delete it, or restore to another moment.") from None
        except Unavailable as error:
            raise RestoreRefused(f"AWS did not do it: {error}. Run the same command again to continue.") from None
    lines = [
        "Write both lines into the environment of samconfig.toml, and deploy:",
        f'  AdoptedMembersTable = "{members}"',
        f'  AdoptedAccessTable = "{access}"',
        "Then import the insurer's latest file: changes and removals since that moment are lost.",
    ]
    return Result(lines, {"AdoptedMembersTable": members, "AdoptedAccessTable": access})


def restore(
    desk: Desk, at: str | datetime | None, restored: str | None, pause: Callable[[float], None]
) -> tuple[str, str]:
    """Make both tables.

    Args:
        desk: of the stack whose members are restored.
        at: the moment, or ``latest``.
        restored: a Members table that is restored already, instead of a moment.
        pause: waits for a number of seconds.

    Returns:
        The names of the Members and the Access table.

    Raises:
        NotEmpty: the Access table of that name is in use.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS refused or did not respond, or the stack uses that Members table already.
    """
    stack, now, say = desk.stack, desk.clock(), desk.say
    moment = at if isinstance(at, datetime) else None
    label = f"{moment or datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}"
    source = stack.output("MembersTable")
    members = restored or f"{stack.name}-members-{label}"
    access = f"{members}-access"
    if members == source:
        raise Unavailable(f"the stack uses {members} already")
    tables = RestoredTables(stack.dynamodb(), pause, say)
    if not restored:
        tables.restore_members(source, members, moment)
        say(f"{members}: restored from {source}.")
    tables.protect(members, source)
    say(f"{members}: deletion protection and point-in-time recovery are on.")
    say(f"{members}: {tables.raise_versions(members, now):,} credential versions raised.")
    tables.create_access_table(access)
    tables.protect(access, stack.output("AccessTable"))
    say(f"{access}: empty, with time to live, deletion protection and point-in-time recovery.")
    return members, access
