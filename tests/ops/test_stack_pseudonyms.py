"""The desk asks the function of its stack for pseudonyms."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from member_access.errors import Unavailable
from member_access.platform.aws import NotAllowed
from member_access.values.types import Identifier
from ops.stack import Stack
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMBER = Identifier("A0000001")
ANSWER = {"members": {MEMBER: {"subject": "0f"}}, "browsers": {}}


class Lambda:
    """Answers ``Invoke`` as Lambda does (API reference, Invoke), and keeps what it was sent."""

    def __init__(self, payload: object, function_error: str | None = None, refusal: str | None = None) -> None:
        self.sent: list[dict[str, Any]] = []
        self._payload, self._function_error, self._refusal = payload, function_error, refusal

    def stack(self) -> Stack:
        """A stack whose calls arrive here."""
        session = boto3.Session(region_name=REGION)
        # Botocore's stubs do not know that this handler may return a response.
        session.events.register_first("before-call.lambda.Invoke", self._answer)  # type: ignore[arg-type]
        return Stack("s", {"PseudonymsFunction": "s-pseudonyms"}, {}, session, None)

    def _answer(self, params: Mapping[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        self.sent.append(
            {"url": params["url_path"], "version": params["query_string"]["Qualifier"], **json.loads(params["body"])}
        )
        status = 403 if self._refusal else 200
        answer: dict[str, Any] = {"ResponseMetadata": {}, "Payload": io.BytesIO(json.dumps(self._payload).encode())}
        if self._function_error:
            answer["FunctionError"] = self._function_error
        if self._refusal:
            answer = {"Error": {"Code": self._refusal, "Message": ""}, "ResponseMetadata": {}}
        return AWSResponse(params["url"], status, HTTPHeaders(), None), answer


def test_the_function_gets_identifiers_and_browsers() -> None:
    function = Lambda(ANSWER)
    answer: object = function.stack().pseudonyms([MEMBER], ["ab"])
    assert answer == ANSWER
    assert function.sent == [
        {
            "url": "/2015-03-31/functions/s-pseudonyms/invocations",
            "version": "live",
            "identifiers": [MEMBER],
            "browsers": ["ab"],
        }
    ]


def test_a_function_that_fails_is_unavailable() -> None:
    function = Lambda({"errorMessage": "", "errorType": "Unavailable"}, function_error="Unhandled")
    with pytest.raises(Unavailable, match=r"s-pseudonyms failed \(Unavailable\)"):
        function.stack().pseudonyms([MEMBER])


def test_an_operator_without_the_right_is_refused() -> None:
    with pytest.raises(NotAllowed, match="Invoke: AccessDeniedException"):
        Lambda(None, refusal="AccessDeniedException").stack().pseudonyms([MEMBER])
