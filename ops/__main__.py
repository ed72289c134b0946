"""``python -m ops``: runs a command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ops.block_command import block_command
from ops.clear_email_state import email_ok_command
from ops.command import PROGRAM, Surroundings, run
from ops.completion import completion_command
from ops.end_sessions_command import end_sessions_command
from ops.export_command import export_command
from ops.forget_browsers_command import forget_browsers_command
from ops.forget_command import forget_command
from ops.import_command import import_command
from ops.invite_command import invite_command
from ops.keys_command import keys_command
from ops.letters_command import letters_command
from ops.queues_command import queues_command
from ops.redrive_command import redrive_command
from ops.restore_command import restore_command
from ops.returned_command import returned_command
from ops.show_command import show_command
from ops.unlock_command import unlock_command

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = click.Group(
    PROGRAM,
    help="Operate a deployed stack of the member sign-in service.",
    commands=[
        import_command,
        show_command,
        unlock_command,
        end_sessions_command,
        forget_browsers_command,
        email_ok_command,
        export_command,
        forget_command,
        invite_command,
        letters_command,
        returned_command,
        keys_command,
        queues_command,
        redrive_command,
        restore_command,
        block_command,
        completion_command,
    ],
)


def main(arguments: Sequence[str], around: Surroundings = Surroundings()) -> int:  # noqa: B008 - immutable
    """Run one command.

    Returns:
        The exit status of the process.
    """
    return run(COMMANDS, arguments, around)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
