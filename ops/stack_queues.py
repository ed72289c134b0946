"""Reads the queues of a stack: how many messages wait, for how long, and how many were given up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from ops.stack import Stack

_LOOKS_BACK = timedelta(minutes=15)


@dataclass(frozen=True)
class StackQueue:
    """A queue of a stack.

    Attributes:
        name: its name in the template.
        visible: messages that can be delivered.
        hidden: messages that are being handled, wait for another attempt, or are delayed.
        dead_letters_arn: the queue that gets its messages after the last failure, or None.
    """

    name: str
    url: str
    arn: str
    visible: int
    hidden: int
    dead_letters_arn: str | None


def read_queues(stack: Stack, sqs: SQSClient) -> list[StackQueue]:
    """Read all queues of a stack, by name.

    Raises:
        StackNotFound: CloudFormation did not respond.
        Unavailable: SQS did not respond.
    """
    return [_read(name, url, sqs) for name, url in sorted(stack.resources("AWS::SQS::Queue").items())]


def _read(name: str, url: str, sqs: SQSClient) -> StackQueue:
    with translate_errors():
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    redrive = json.loads(found.get("RedrivePolicy", "{}"))
    return StackQueue(
        name,
        url,
        found["QueueArn"],
        int(found["ApproximateNumberOfMessages"]),
        int(found["ApproximateNumberOfMessagesNotVisible"]) + int(found["ApproximateNumberOfMessagesDelayed"]),
        redrive.get("deadLetterTargetArn"),
    )


def oldest_message(cloudwatch: Any, queue: StackQueue, now: datetime | None = None) -> int | None:  # noqa: ANN401 - the development tools have no types of CloudWatch
    """Return the age in seconds of the oldest message, as SQS last reported it; None if it reported none.

    SQS leaves out messages that were received three times.

    Raises:
        Unavailable: CloudWatch did not respond.
    """
    end = now or datetime.now(UTC)
    with translate_errors():
        answer = cloudwatch.get_metric_statistics(
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[{"Name": "QueueName", "Value": queue.url.rpartition("/")[2]}],
            StartTime=end - _LOOKS_BACK,
            EndTime=end,
            Period=60,
            Statistics=["Maximum"],
        )
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    return int(points[-1]["Maximum"]) if points else None
