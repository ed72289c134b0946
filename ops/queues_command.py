"""``python -m ops queues``: shows the queues of a stack."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from ops.stack import add_stack_options, chosen_stack
from ops.stack_queues import oldest_message, read_queues

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from ops.stack_queues import StackQueue


class ExitStatus(IntEnum):
    """The exit status of the process."""

    NO_DEAD_LETTERS = 0
    DEAD_LETTERS = 1


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``queues`` one of the subcommands."""
    parser = subcommands.add_parser(
        "queues",
        help="show the queues",
        description="Show how many messages each queue holds, how old the oldest is, and how many were given up. "
        "Waiting messages can be delivered; hidden ones are being handled, or wait for another attempt.",
        epilog="Exit status: 0 if no message was given up, 1 if some were, 3 if the stack does not respond.",
    )
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Print the queues of the stack that the command line names.

    Returns:
        The exit status of the process.

    Raises:
        StackNotFound: there is no such stack.
        Unavailable: it did not respond.
    """
    stack = chosen_stack(arguments)
    queues, cloudwatch = read_queues(stack, stack.sqs()), stack.cloudwatch()
    ages = {queue.name: oldest_message(cloudwatch, queue) for queue in queues if queue.dead_letters_arn}
    print("\n".join(table(queues, ages)))
    given_up = {queue.name: queue for queue in queues if not queue.dead_letters_arn and queue.visible}
    for name, queue in given_up.items():
        print(f"{name}: {queue.visible} given up. {queue.url}")
    return ExitStatus.DEAD_LETTERS if given_up else ExitStatus.NO_DEAD_LETTERS


def table(queues: Sequence[StackQueue], ages: Mapping[str, int | None]) -> list[str]:
    """Return the lines of a table of queues; the oldest message counts in seconds."""
    rows = [("queue", "waiting", "hidden", "oldest")]
    for queue in queues:
        age = ages.get(queue.name)
        rows.append((queue.name, str(queue.visible), str(queue.hidden), "-" if age is None else f"{age} s"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
