"""A cloud whose transport answers at once: what is measured is our own work, the SDK's and argon2's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.support.cloud import Cloud, create_keys
from tests.support.kms import REGION, FakeKms

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.awsrequest import AWSPreparedRequest

TABLES = {"MembersTable": "members", "AccessTable": "access"}


class StubbedDynamoDb:
    """Answers every operation with what was set for it, and with an empty object otherwise."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}

    def answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Botocore's ``before-send`` handler."""
        sent = cast("bytes", request.body)
        # Botocore's stubs say text where there are bytes.
        operation = cast("bytes", request.headers["X-Amz-Target"])
        body = self._batch(json.loads(sent)) if operation.endswith(b".BatchGetItem") else {}
        return _Answered(request.url, json.dumps(body).encode())

    def _batch(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "Responses": {
                table: [self.items[key["pk"]["S"]] for key in wanted["Keys"] if key["pk"]["S"] in self.items]
                for table, wanted in asked["RequestItems"].items()
            },
            "UnprocessedKeys": {},
        }


class _Answered(AWSResponse):
    """A response that did not come over a network."""

    def __init__(self, url: str, content: bytes) -> None:
        super().__init__(url, 200, HTTPHeaders(), None)
        self._content = content


def stubbed_cloud() -> tuple[Cloud, Callable[[str, dict[str, Any]], None]]:
    """A cloud, and what puts an item into it."""
    stub = StubbedDynamoDb()
    dynamodb = boto3.client("dynamodb", region_name=REGION, aws_access_key_id="bench", aws_secret_access_key="bench")  # noqa: S106 - nobody's
    # Botocore's stubs overlook that a before-send handler may answer in the network's place.
    dynamodb.meta.events.register("before-send.dynamodb", stub.answer)  # type: ignore[arg-type]
    kms = FakeKms().client()
    return Cloud(dynamodb, kms, TABLES, create_keys(kms)), stub.items.__setitem__
