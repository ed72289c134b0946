"""A cloud whose transport responds at once, so a measurement has only our own work, the SDK's and argon2's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import boto3

from simulators.aws_responses import OfflineResponse
from simulators.clock import NOON
from simulators.cloud import Cloud, create_keys
from simulators.kms import REGION, FakeKms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

    from member_access.pins.pin_hash import PinHash
    from member_access.values.types import Identifier

TABLES = {"MembersTable": "members", "AccessTable": "access"}


class StubbedDynamoDb:
    """Answers a read, or a write that returns its item, with what is stored; everything else with an empty object.

    It serialises an item once for each kind of read, so that a measurement has only the reader's work.
    """

    def __init__(self) -> None:
        self._items: dict[str, dict[str, Any]] = {}
        self._texts: dict[tuple[str, str], bytes] = {}

    def put(self, item: dict[str, Any]) -> None:
        """Store an item, for every table."""
        self._items[item["pk"]["S"]] = item
        self._texts.clear()

    def answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Botocore's ``before-send`` handler."""
        sent = cast("bytes", request.body)
        # Botocore's stubs declare text instead of bytes.
        operation = cast("bytes", request.headers["X-Amz-Target"])
        asked = json.loads(sent)
        body = b"{}"
        if operation.endswith(b".BatchGetItem"):
            body = self._batch(asked)
        elif asked.get("ReturnValues") == "ALL_NEW":
            body = b'{"Attributes":%b}' % b"".join(self._found({"Keys": [asked["Key"]]}))
        return OfflineResponse(request.url, 200, body)

    def _batch(self, asked: dict[str, Any]) -> bytes:
        tables = (
            b'"%b":[%b]' % (table.encode(), b",".join(self._found(wanted)))
            for table, wanted in asked["RequestItems"].items()
        )
        return b'{"Responses":{%b},"UnprocessedKeys":{}}' % b",".join(tables)

    def _found(self, wanted: dict[str, Any]) -> Iterator[bytes]:
        projection = wanted.get("ProjectionExpression", "")
        for key in wanted["Keys"]:
            pk = key["pk"]["S"]
            text = self._texts.get((pk, projection))
            if text is None:
                item = self._items.get(pk, {})
                names = wanted.get("ExpressionAttributeNames", {}).values() or item.keys()
                kept = {name: value for name, value in item.items() if name in names}
                text = self._texts[pk, projection] = json.dumps(kept).encode() if kept else b""
            if text:
                yield text


def member_item(identifier: Identifier, pin_hash: PinHash, **attributes: str) -> dict[str, Any]:
    """Return the item of a member with a PIN."""
    texts = {"pk": f"MEMBER#{identifier}", "identifier": identifier, "pin_hash": pin_hash.encode(), **attributes}
    return {"credential_version": {"N": str(NOON)}, **{name: {"S": value} for name, value in texts.items()}}


def stubbed_cloud() -> tuple[Cloud, Callable[[dict[str, Any]], None]]:
    """Make a cloud, and the function that puts an item into it."""
    stub = StubbedDynamoDb()
    dynamodb = boto3.client("dynamodb", region_name=REGION, aws_access_key_id="bench", aws_secret_access_key="bench")  # noqa: S106 - no real account
    # Botocore's stubs do not know that a before-send handler may return a response.
    dynamodb.meta.events.register("before-send.dynamodb", stub.answer)  # type: ignore[arg-type]
    kms = FakeKms().client()
    return Cloud(dynamodb, kms, TABLES, create_keys(kms)), stub.put
