"""``python -m ops``: runs a subcommand, which is a module with an ``add_to`` function."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from member_access.errors import Unavailable
from ops import (
    block_command,
    clear_email_state,
    import_command,
    keys_command,
    queues_command,
    redrive_command,
    restore_command,
)
from ops.stack import StackNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

STACK_UNAVAILABLE: Final = 3
"""The exit status of every subcommand whose stack is missing or does not respond."""


def main(arguments: Sequence[str]) -> int:
    """Run one subcommand.

    Returns:
        The exit status of the process.
    """
    parser = argparse.ArgumentParser(
        prog="python -m ops", description="Operate a deployed stack of the member sign-in service."
    )
    subcommands = parser.add_subparsers(required=True, metavar="subcommand")
    import_command.add_to(subcommands)
    clear_email_state.add_to(subcommands)
    keys_command.add_to(subcommands)
    queues_command.add_to(subcommands)
    redrive_command.add_to(subcommands)
    restore_command.add_to(subcommands)
    block_command.add_to(subcommands)
    chosen = parser.parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except StackNotFound as error:
        print(error, file=sys.stderr)
        return STACK_UNAVAILABLE
    except Unavailable as error:
        print(f"The stack did not respond as expected: {error}.", file=sys.stderr)
        return STACK_UNAVAILABLE
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
