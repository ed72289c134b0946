"""``python -m ops``: runs a subcommand, which is a module with an ``add_to`` function."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ops import (
    block_command,
    clear_email_state,
    import_command,
    keys_command,
    queues_command,
    redrive_command,
    restore_command,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    status: int = chosen.run(chosen)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
