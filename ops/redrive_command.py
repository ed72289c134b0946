"""``python -m ops redrive QUEUE``: sends the messages that a queue has given up again."""

from __future__ import annotations

import sys
import time
from enum import IntEnum
from typing import TYPE_CHECKING

from member_access.errors import MemberAccessError
from member_access.platform.aws import translate_errors
from ops.stack import add_stack_options, chosen_stack
from ops.stack_queues import read_queues

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ListMessageMoveTasksResultEntryTypeDef

    from ops.stack_queues import StackQueue

_MESSAGES_A_SECOND = 10
"""So few that a service that has just recovered is not pressed."""
_PAUSE_SECONDS = 2


class NothingToRedrive(MemberAccessError):
    """The command has nothing to do; the message says why."""


class RedriveFailed(MemberAccessError):
    """SQS stopped before all messages were sent again; the message says why."""


class ExitStatus(IntEnum):
    """The exit status of the process."""

    REDRIVEN = 0
    NOTHING_TO_REDRIVE = 1
    FAILED = 2


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``redrive`` one of the subcommands."""
    parser = subcommands.add_parser(
        "redrive",
        help="send dead letters again",
        description="Send the messages that a queue has given up again, and wait until all are sent.",
        epilog=(
            "Exit status: 0 if all were sent, 1 if there were none, 2 if SQS stopped, 3 if the stack does not respond. "
            "Repair the cause first: each message has all its attempts again."
        ),
    )
    parser.add_argument("queue", metavar="QUEUE", help="as `queues` names it, such as LettersQueue")
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Redrive the queue that the command line names, and print the outcome.

    Returns:
        The exit status of the process.

    Raises:
        StackNotFound: there is no such stack.
        Unavailable: it did not respond.
    """
    try:
        stack = chosen_stack(arguments)
        sqs = stack.sqs()
        queue, dead_letters = chosen_queues(read_queues(stack, sqs), arguments.queue)
        print(f"Messages that go from {dead_letters.name} to {queue.name} again: {dead_letters.visible}")
        moved = (redrive_locally if arguments.local else redrive)(sqs, queue, dead_letters)
    except NothingToRedrive as error:
        print(error, file=sys.stderr)
        return ExitStatus.NOTHING_TO_REDRIVE
    except RedriveFailed as error:
        print(error, file=sys.stderr)
        return ExitStatus.FAILED
    print(f"Sent: {moved}. If they come back, `python -m ops queues` shows them.")
    return ExitStatus.REDRIVEN


def chosen_queues(queues: Sequence[StackQueue], name: str) -> tuple[StackQueue, StackQueue]:
    """Return the queue of this name, and the queue of its dead letters; either may be named.

    Raises:
        NothingToRedrive: there is no such queue, or it has no dead letters.
    """
    by_arn = {queue.arn: queue for queue in queues}
    pairs = [(queue, by_arn[queue.dead_letters_arn]) for queue in queues if queue.dead_letters_arn]
    for queue, dead_letters in pairs:
        if name in {queue.name, dead_letters.name}:
            if not dead_letters.visible:
                raise NothingToRedrive(f"{queue.name} has given no message up.")
            return queue, dead_letters
    known = ", ".join(queue.name for queue, _ in pairs)
    raise NothingToRedrive(f"There is no queue {name} that gives messages up. Choose one of {known}.")


def redrive(
    sqs: SQSClient, queue: StackQueue, dead_letters: StackQueue, pause: Callable[[float], None] = time.sleep
) -> int:
    """Move all dead letters to a queue, and return how many were moved.

    Raises:
        NothingToRedrive: SQS is moving them already.
        RedriveFailed: SQS stopped.
        Unavailable: SQS did not respond.
    """
    if (latest := _latest_task(sqs, dead_letters)) and latest["Status"] == "RUNNING":
        raise NothingToRedrive(f"{dead_letters.name} is being emptied already.")
    with translate_errors():
        # With the destination: messages that a topic gave up have no queue to go back to.
        sqs.start_message_move_task(
            SourceArn=dead_letters.arn, DestinationArn=queue.arn, MaxNumberOfMessagesPerSecond=_MESSAGES_A_SECOND
        )
    while (task := _latest_task(sqs, dead_letters)) is None or task["Status"] == "RUNNING":
        pause(_PAUSE_SECONDS)
    moved = task.get("ApproximateNumberOfMessagesMoved", 0)
    if task["Status"] != "COMPLETED":
        raise RedriveFailed(f"SQS stopped after {moved} messages: {task.get('FailureReason', task['Status'])}.")
    return moved


def redrive_locally(sqs: SQSClient, queue: StackQueue, dead_letters: StackQueue) -> int:
    """Do what a move task of SQS does, which the local cloud lacks; return how many messages were moved.

    Raises:
        Unavailable: the local cloud did not respond.
    """
    moved = 0
    with translate_errors():
        while messages := sqs.receive_message(QueueUrl=dead_letters.url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.send_message(QueueUrl=queue.url, MessageBody=message["Body"])
                sqs.delete_message(QueueUrl=dead_letters.url, ReceiptHandle=message["ReceiptHandle"])
                moved += 1
    return moved


def _latest_task(sqs: SQSClient, dead_letters: StackQueue) -> ListMessageMoveTasksResultEntryTypeDef | None:
    with translate_errors():
        tasks = sqs.list_message_move_tasks(SourceArn=dead_letters.arn, MaxResults=1).get("Results", [])
    return tasks[0] if tasks else None
