"""Answers the calls of AWS where they would leave the process, from the recorded answers of a flow.

botocore builds, signs and prepares each request as always; only ``URLLib3Session.send`` is another one.
"""

from __future__ import annotations

import base64
import hmac
import io
import json
import re
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from botocore.awsrequest import AWSPreparedRequest

_KINDS = re.compile(rb'"pk": ?{"S": ?"([^"#]*)')


class _Body(io.BytesIO):
    def stream(self, **_: object) -> Iterable[bytes]:
        """Yield all of it, as a response of urllib3 does."""
        yield self.getvalue()


class Wire:
    """The end of the wire.

    Attributes:
        calls: how many calls it has answered.
    """

    def __init__(self, common: Iterable[Mapping[str, Any]]) -> None:
        self.calls = 0
        self._common = _by_request(common)
        self._tape: dict[tuple[str, bytes], list[tuple[int, bytes]]] = {}
        self._next: dict[tuple[str, bytes], int] = {}

    def plug_in(self) -> None:
        """Answer in place of the network."""
        wire = self

        def send(_: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
            return wire.answer(request)

        # Only prepared requests come here.
        URLLib3Session.send = send  # type: ignore[assignment, method-assign]

    def play(self, tape: Iterable[Mapping[str, Any]]) -> None:
        """Answer as it was recorded in one flow, again and again."""
        self._tape, self._next = _by_request(tape), {}

    def answer(self, request: AWSPreparedRequest) -> AWSResponse:
        """Answer one call.

        Raises:
            LookupError: no such call was recorded.
        """
        self.calls += 1
        # Botocore's stubs declare text where bytes come, and the other way round.
        target: Any = request.headers.get("X-Amz-Target")
        body: Any = request.body or b""
        name = target or f"{request.method} {request.url.rpartition('amazonaws.com')[2]}"
        name = name.decode() if isinstance(name, bytes) else name
        sent = body if isinstance(body, bytes) else body.encode()
        key = name, subject(name, sent)
        found = self._tape.get(key) or self._common.get(key)
        if found is None:
            found = [_of_any_key(name, sent)]
        position = self._next.get(key, 0)
        self._next[key] = position + 1
        status, answer = found[position % len(found)]
        return AWSResponse(request.url, status, HTTPHeaders(), _Body(answer))


def subject(operation: str, body: bytes) -> bytes:
    """Return what tells a request from others of its operation: the kinds of items; at KMS, the message."""
    if operation.startswith("DynamoDB"):
        return b" ".join(_KINDS.findall(body))
    if operation.startswith("Trent"):
        asked = json.loads(body)
        return f"{asked['KeyId']} {asked.get('Message', '') if 'Mac' in operation else ''}".encode()
    return b""


def _by_request(tape: Iterable[Mapping[str, Any]]) -> dict[tuple[str, bytes], list[tuple[int, bytes]]]:
    answers: dict[tuple[str, bytes], list[tuple[int, bytes]]] = {}
    for call in tape:
        request = call["operation"], call["subject"].encode()
        answers.setdefault(request, []).append((call["status"], call["answer"].encode()))
    return answers


def _of_any_key(operation: str, body: bytes) -> tuple[int, bytes]:
    # For functions of which only the start is measured, and rows of an import.
    match operation.rpartition(".")[2]:
        case "GenerateMac":
            mac = hmac.digest(b"bench", body, "sha256")
            return 200, b'{"Mac":"%b"}' % base64.b64encode(mac)
        case "BatchGetItem":
            return 200, b'{"Responses":{},"UnprocessedKeys":{}}'
        case "TransactWriteItems" | "GetItem" | "Query" | "PutItem":
            return 200, b"{}"
        case _:
            raise LookupError(f"{operation} {subject(operation, body)!r} was not recorded")
