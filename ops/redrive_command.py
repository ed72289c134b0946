"""``python -m ops redrive QUEUE``: sends the messages that a queue has given up again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from member_access.platform.aws import translate_errors
from ops.command import command
from ops.confirmation import confirm
from ops.dead_letters import HIDDEN_SECONDS, age, look
from ops.desk import ChangedMeanwhile, CommandFailed, Desk, ExitStatus, Result
from ops.stack_queues import read_queues

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ListMessageMoveTasksResultEntryTypeDef

    from ops.stack_queues import StackQueue

_MESSAGES_A_SECOND = 10
"""So few that a service that has just recovered is not pressed."""
_PAUSE_SECONDS = 2


class NothingToRedrive(CommandFailed):
    """The command has nothing to do; the message says why."""


class RedriveFailed(CommandFailed):
    """SQS stopped before all messages were sent again; the message says why."""


@command(
    "redrive",
    "Send dead letters again.",
    "Show the kinds and ages of the messages that QUEUE has given up, then send them again, and wait until all are "
    "sent. QUEUE is a name that `queues` shows, such as LettersQueue. Repair the cause first: each message has all its "
    "attempts again.",
    {
        ExitStatus.DONE: "if all were sent",
        ExitStatus.ATTENTION: "if there were none, SQS stopped, or you said no",
        ExitStatus.CHANGED_MEANWHILE: "if someone else looks at them",
    },
)
@click.argument("queue")
@click.option("--dry-run", is_flag=True, help="Only show the messages that it would send.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def redrive_command(desk: Desk, queue: str, *, dry_run: bool, yes: bool) -> Result:
    """Redrive a queue.

    Raises:
        ChangedMeanwhile: someone else looks at the dead letters.
        NothingToRedrive: the queue has given no message up, or there is no such queue.
        NotConfirmed: the operator has not agreed.
        RedriveFailed: SQS stopped.
        StackNotFound: CloudFormation does not respond.
        Unavailable: SQS did not respond.
    """
    sqs = desk.stack.sqs()
    chosen, dead_letters = chosen_queues(read_queues(desk.stack, sqs), queue)
    desk.say(f"Messages that go from {dead_letters.name} to {chosen.name} again: {dead_letters.visible}")
    kinds = look(sqs, dead_letters)
    for kind in kinds:
        desk.say(f"  {kind.count:,} {kind.name}, the oldest first sent {age(desk.clock() - kind.oldest)} ago")
    seen = [{"kind": kind.name, "count": kind.count, "oldest": kind.oldest} for kind in kinds]
    if dry_run:
        return Result([], {"queue": chosen.name, "waiting": dead_letters.visible, "kinds": seen, "moved": 0})
    confirm(f"Send them to {chosen.name} again?", agreed=yes)
    # SQS does not say whether it moves messages that are hidden.
    time.sleep(HIDDEN_SECONDS)
    with desk.action("redrive", queue=chosen.name) as outcome:
        moved = (redrive_locally if desk.local else redrive)(sqs, chosen, dead_letters)
        outcome["moved"] = moved
    sentence = f"Sent: {moved}. If they come back, `python -m ops queues` shows them."
    data = {"queue": chosen.name, "waiting": dead_letters.visible, "kinds": seen, "moved": moved}
    return Result([sentence], data)


def chosen_queues(queues: Sequence[StackQueue], name: str) -> tuple[StackQueue, StackQueue]:
    """Return the queue of this name, and the queue of its dead letters; either may be named.

    Raises:
        ChangedMeanwhile: another look, or another redrive, hides the dead letters.
        NothingToRedrive: there is no such queue, or it has no dead letters.
    """
    by_arn = {queue.arn: queue for queue in queues}
    pairs = [(queue, by_arn[queue.dead_letters_arn]) for queue in queues if queue.dead_letters_arn]
    for queue, dead_letters in pairs:
        if name in {queue.name, dead_letters.name}:
            if not dead_letters.visible and dead_letters.hidden:
                raise ChangedMeanwhile(
                    f"Someone looks at the messages of {dead_letters.name}. Run the same command again in "
                    f"{HIDDEN_SECONDS} seconds."
                )
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
