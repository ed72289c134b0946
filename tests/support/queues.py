"""Queues without AWS: a real boto3 client whose messages are kept here, so that a test can read and deliver them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, cast

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.support.kms import REGION

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from mypy_boto3_sqs import SQSClient


class FakeQueues:
    """Takes messages by ``SendMessage`` and keeps them in the order in which they came."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def client(self) -> SQSClient:
        """A client that sends here."""
        sqs = boto3.client(
            "sqs",
            region_name=REGION,
            aws_access_key_id="nobody",
            aws_secret_access_key="nothing",
        )
        # Botocore's stubs overlook that a before-send handler may answer in the network's place.
        sqs.meta.events.register("before-send.sqs", self._answer)  # type: ignore[arg-type]
        return sqs

    def messages(self, url: str) -> list[str]:
        """The bodies of what was sent to a queue."""
        return [body for sent_to, body in self.sent if sent_to == url]

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        # Botocore's stubs say text where there are bytes.
        target = cast("bytes", request.headers["X-Amz-Target"])
        if target != b"AmazonSQS.SendMessage":
            raise AssertionError(f"no flow is known to call {target!r}")
        message = json.loads(cast("bytes", request.body))
        body: str = message["MessageBody"]
        self.sent.append((message["QueueUrl"], body))
        answer = {"MessageId": str(len(self.sent)), "MD5OfMessageBody": hashlib.md5(body.encode()).hexdigest()}  # noqa: S324 - what SQS answers
        return _Answer(request.url, json.dumps(answer).encode())


class _Answer(AWSResponse):
    """An answer that did not come over a network."""

    def __init__(self, url: str, content: bytes) -> None:
        super().__init__(url, 200, HTTPHeaders(), None)
        self._content = content
