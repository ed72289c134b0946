"""What stands between a queue and a function in the cloud: the event source mapping of the template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from simulators.cloud import queue_url
from simulators.kms import REGION
from simulators.template import project_template

if TYPE_CHECKING:
    from member_access.platform.runtime import Handler
    from simulators.cloud import Cloud
    from simulators.queues import Message

PLENTY = 60_000
"""Milliseconds."""


class Context(LambdaContext):
    """A call of Lambda that has so many milliseconds left."""

    def __init__(self, left: int = PLENTY) -> None:
        self._aws_request_id = "request"
        self.left = left

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]  # static in Powertools' stand-in alone
        """The milliseconds that Lambda leaves."""
        return self.left


class EventSource:
    """Delivers a queue's messages to a function, as often as the template says.

    Args:
        queue: its logical name.

    Attributes:
        handler: the function.
    """

    def __init__(self, cloud: Cloud, queue: str, handler: Handler) -> None:
        self._cloud = cloud
        self._url = queue_url(queue)
        self._arn = f"arn:aws:sqs:{REGION}:123456789012:{queue}"
        self.handler = handler
        properties = project_template().resources("AWS::SQS::Queue")[queue]["Properties"]
        self._timeout: int = properties["VisibilityTimeout"]
        redrive = properties["RedrivePolicy"]
        self._most_receipts: int = redrive["maxReceiveCount"]
        self._dead_letters = queue_url(redrive["deadLetterTargetArn"]["Fn::GetAtt"][0])
        mapping = _mapping(queue)
        self._batch_size: int = mapping["BatchSize"]
        if mapping["FunctionResponseTypes"] != ["ReportBatchItemFailures"]:
            raise AssertionError("without ReportBatchItemFailures one failure would bring the whole batch back")

    def deliver(self, context: LambdaContext | None = None) -> int:
        """Deliver everything that is visible now, in batches.

        Returns:
            How many messages were delivered.
        """
        self._give_up()
        count = 0
        seen: set[int] = set()
        while batch := self._cloud.queues.receive(self._url, self._batch_size, self._timeout):
            if seen & {message.number for message in batch}:
                raise AssertionError("a message came back at once")
            seen |= {message.number for message in batch}
            self._invoke(batch, context or Context())
            count += len(batch)
        return count

    def deliver_for(self, seconds: int) -> None:
        """Let time go by, and deliver each message when it is visible."""
        EventSources(self._cloud, self).deliver_for(seconds)

    @property
    def waiting(self) -> list[Message]:
        """What is in the queue."""
        return self._cloud.queues.in_queue(self._url)

    @property
    def given_up(self) -> list[Message]:
        """What is in its dead-letter queue."""
        return self._cloud.queues.in_queue(self._dead_letters)

    def _give_up(self) -> None:
        for message in self.waiting:
            if message.receipts >= self._most_receipts and message.visible_at <= self._cloud.clock():
                message.queue_url = self._dead_letters

    def _invoke(self, batch: list[Message], context: LambdaContext) -> None:
        answer = self.handler({"Records": [_record(message, self._arn) for message in batch]}, context)
        failed = {int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]}
        for message in batch:
            if message.number not in failed:
                self._cloud.queues.waiting.remove(message)


class EventSources:
    """Several queues of one function, or of several."""

    def __init__(self, cloud: Cloud, *sources: EventSource) -> None:
        self._clock = cloud.clock
        self._sources = sources

    def deliver(self, context: LambdaContext | None = None) -> int:
        """Deliver everything that is visible now, one queue after the other.

        Returns:
            How many messages were delivered.
        """
        return sum(source.deliver(context) for source in self._sources)

    def deliver_for(self, seconds: int) -> None:
        """Let time go by, and deliver each message when it is visible."""
        until = self._clock() + seconds
        self.deliver()
        while (moment := min((message.visible_at for message in self.waiting), default=until + 1)) <= until:
            self._clock.advance(max(0, moment - self._clock()))
            self.deliver()
        self._clock.advance(until - self._clock())

    @property
    def waiting(self) -> list[Message]:
        """What is in the queues."""
        return [message for source in self._sources for message in source.waiting]

    @property
    def given_up(self) -> list[Message]:
        """What is in their dead-letter queues."""
        return [message for source in self._sources for message in source.given_up]


def _mapping(queue: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        event["Properties"]
        for function in project_template().resources("AWS::Serverless::Function").values()
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "SQS" and event["Properties"]["Queue"] == {"Fn::GetAtt": [queue, "Arn"]}
    ]
    (mapping,) = found
    return mapping


def _record(message: Message, arn: str) -> dict[str, Any]:
    return {
        "eventSourceARN": arn,
        "messageId": str(message.number),
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.receipts),
            "SentTimestamp": str(message.sent_at * 1000),
        },
    }
