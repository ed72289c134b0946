"""``python -m ops queues``: shows the queues of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.command import command
from ops.desk import Desk, ExitStatus, Result
from ops.stack_queues import oldest_message, read_queues

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ops.stack_queues import StackQueue


@command(
    "queues",
    "Show the queues.",
    "Show how many messages each queue holds, how old the oldest is, and how many were given up. Waiting messages can "
    "be delivered; hidden ones are being handled, or wait for another attempt.",
    {ExitStatus.DONE: "if no message was given up", ExitStatus.ATTENTION: "if some were"},
)
def queues_command(desk: Desk) -> Result:
    """Show the queues of a stack.

    Raises:
        StackNotFound: CloudFormation does not respond.
        Unavailable: SQS or CloudWatch did not respond.
    """
    queues, cloudwatch = read_queues(desk.stack, desk.stack.sqs()), desk.stack.cloudwatch()
    ages = {queue.name: oldest_message(cloudwatch, queue) for queue in queues if queue.dead_letters_arn}
    given_up = [queue for queue in queues if not queue.dead_letters_arn and queue.visible]
    lines = [*table(queues, ages), *(f"{queue.name}: {queue.visible} given up. {queue.url}" for queue in given_up)]
    data = [
        {"queue": queue.name, "waiting": queue.visible, "hidden": queue.hidden, "oldest": ages.get(queue.name)}
        for queue in queues
    ]
    status = ExitStatus.ATTENTION if given_up else ExitStatus.DONE
    return Result(lines, {"queues": data, "given_up": [queue.name for queue in given_up]}, status)


def table(queues: Sequence[StackQueue], ages: Mapping[str, int | None]) -> list[str]:
    """Return the lines of a table of queues; the oldest message counts in seconds."""
    rows = [("queue", "waiting", "hidden", "oldest")]
    for queue in queues:
        age = ages.get(queue.name)
        rows.append((queue.name, str(queue.visible), str(queue.hidden), "-" if age is None else f"{age} s"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
