"""Records the flows of members on moto: each event, its status, and what AWS answered to each call."""

from __future__ import annotations

import base64
import io
import json
import time
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import boto3
from moto import mock_aws

from bench.inside.serving import Context
from bench.inside.wire import subject
from member_access.values.types import Instant
from simulators.clock import Clock
from simulators.cloud import Cloud, create_keys, create_tables
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext
    from botocore.awsrequest import AWSResponse
    from botocore.model import OperationModel

CONTEXT = cast("LambdaContext", Context())
"""A call of Lambda that has a minute left."""


@dataclass
class Tape:
    """The calls of one flow, as ``bench.inside.wire`` plays them."""

    calls: list[dict[str, Any]] = field(default_factory=list)

    def starts(self, params: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
        """Botocore's ``before-call`` handler."""
        context["recorded"] = params

    def ended(
        self,
        http_response: AWSResponse,
        parsed: Mapping[str, Any],
        model: OperationModel,
        context: Mapping[str, Any],
        **_: object,
    ) -> None:
        """Botocore's ``after-call`` handler."""
        request = context["recorded"]
        body = request["body"] if isinstance(request["body"], bytes) else str(request["body"]).encode()
        target = request["headers"].get("X-Amz-Target")
        operation = target or f"{model.http['method']} {request['url_path']}"
        answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        if "Error" in answer:
            answer["__type"] = answer["Error"]["Code"]
        self.calls.append(
            {
                "operation": operation,
                "subject": subject(operation, body).decode(),
                "status": http_response.status_code,
                "answer": json.dumps(answer, default=_encoded),
            }
        )


@dataclass(frozen=True)
class Recorded:
    """A flow that can be repeated.

    Attributes:
        event: what the function gets.
        status: of its answer.
        tape: the calls and what was answered.
        has_own_code: whether each repetition gets another one-time code, as each letter does.
    """

    event: Mapping[str, Any]
    status: object
    tape: list[dict[str, Any]]
    has_own_code: bool = False


class Recorder:
    """Records what the clients of a cloud are asked for and answer."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    @contextmanager
    def recording(self) -> Iterator[Tape]:
        """Record until the end of the block."""
        tape = Tape()
        cloud = self.cloud
        clients = cloud.dynamodb, cloud.kms, cloud.sqs, cloud.ses, cloud.secretsmanager
        for client in clients:
            # First: the simulators answer in such a handler.
            client.meta.events.register_first("before-call", tape.starts)
            client.meta.events.register("after-call", tape.ended)
        try:
            with redirect_stdout(io.StringIO()):
                yield tape
        finally:
            for client in clients:
                client.meta.events.unregister("before-call", tape.starts)
                client.meta.events.unregister("after-call", tape.ended)

    def record(self, event: Mapping[str, Any], work: Callable[[], object]) -> Recorded:
        """Record one flow; its work returns its status."""
        kept = json.loads(json.dumps(event))
        with self.recording() as tape:
            status = work()
        return Recorded(kept, status, tape.calls)


@contextmanager
def mocked_cloud() -> Iterator[Cloud]:
    """Make the template's tables and keys on moto, at the present time, until the end of the block."""
    with mock_aws():
        dynamodb, kms = boto3.client("dynamodb", region_name=REGION), boto3.client("kms", region_name=REGION)
        now = Clock(Instant(int(time.time())))
        yield Cloud(dynamodb, kms, create_tables(dynamodb, "bench"), create_keys(kms), now)


def _encoded(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value))
