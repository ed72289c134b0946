"""Queues without AWS: keeps the messages of a real boto3 client, so that a test can read and deliver them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import boto3

from simulators.aws_responses import OfflineResponse
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from mypy_boto3_sqs import SQSClient


@dataclass
class Message:
    """A message in a queue.

    Attributes:
        number: its number among all messages ever sent.
        sent_at: when it was sent.
        visible_at: when it can be delivered next.
        receipts: the number of deliveries.
    """

    number: int
    queue_url: str
    body: str
    sent_at: int
    visible_at: int
    receipts: int = 0

    @property
    def receipt_handle(self) -> str:
        """The name of the last delivery."""
        return f"{self.number}#{self.receipts}"


class FakeQueues:
    """Keeps messages in the order in which they arrived, with delays and timeouts by the clock of the test.

    Attributes:
        sent: all messages ever sent, as queue and body.
        waiting: the messages in a queue, delivered or not.
        fails_with: the error of every call; None for success.
        when_sent: called after each message that a function sends.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.sent: list[tuple[str, str]] = []
        self.waiting: list[Message] = []
        self.fails_with: str | None = None
        self.when_sent: Callable[[], None] = lambda: None

    def client(self) -> SQSClient:
        """Make a client of these queues."""
        sqs = boto3.client(
            "sqs",
            region_name=REGION,
            aws_access_key_id="fake",
            aws_secret_access_key="fake",
        )
        # Botocore's stubs do not know that a before-send handler may return a response.
        sqs.meta.events.register("before-send.sqs", self._answer)  # type: ignore[arg-type]
        return sqs

    def messages(self, url: str) -> list[str]:
        """Return the bodies of all messages ever sent to a queue."""
        return [body for sent_to, body in self.sent if sent_to == url]

    def in_queue(self, url: str) -> list[Message]:
        """Return the messages in a queue, delivered or not."""
        return [message for message in self.waiting if message.queue_url == url]

    def put(self, url: str, body: str, delay: int = 0) -> Message:
        """Send a message, as SQS does."""
        now = self._now()
        message = Message(len(self.sent) + 1, url, body, sent_at=now, visible_at=now + delay)
        self.sent.append((url, body))
        self.waiting.append(message)
        return message

    def receive(self, url: str, most: int, timeout: int) -> list[Message]:
        """Deliver visible messages, and hide them for ``timeout`` seconds."""
        now = self._now()
        found = [message for message in self.in_queue(url) if message.visible_at <= now][:most]
        for message in found:
            message.visible_at = now + timeout
            message.receipts += 1
        return found

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        # Botocore's stubs declare text instead of bytes.
        target = cast("bytes", request.headers["X-Amz-Target"]).removeprefix(b"AmazonSQS.")
        asked = json.loads(cast("bytes", request.body))
        if self.fails_with:
            error = {"__type": f"com.amazonaws.sqs#{self.fails_with}", "message": "as the test wants it"}
            return _answered(request, 400, error)
        match target:
            case b"SendMessage":
                body: str = asked["MessageBody"]
                message = self.put(asked["QueueUrl"], body, asked.get("DelaySeconds", 0))
                self.when_sent()
                digest = hashlib.md5(body.encode()).hexdigest()  # noqa: S324 - what SQS answers
                return _answered(request, 200, {"MessageId": str(message.number), "MD5OfMessageBody": digest})
            case b"ChangeMessageVisibility":
                (message,) = (one for one in self.waiting if one.receipt_handle == asked["ReceiptHandle"])
                if message.queue_url != asked["QueueUrl"]:
                    raise AssertionError("the receipt belongs to another queue")
                message.visible_at = self._now() + asked["VisibilityTimeout"]
                return _answered(request, 200, {})
            case _:
                raise AssertionError(f"no flow is known to call {target!r}")


def _answered(request: AWSPreparedRequest, status: int, body: dict[str, Any]) -> AWSResponse:
    return OfflineResponse(request.url, status, json.dumps(body).encode())
