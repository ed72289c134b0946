"""Amazon SES without AWS: keeps the requests of a real boto3 client, and answers as a test decides.

botocore checks and serialises the request. moto would drop the text part, the tags and the configuration set.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import boto3
from botocore.exceptions import ReadTimeoutError
from botocore.handlers import BUILTIN_HANDLERS

from member_access.platform.aws import SENDING_CONFIG
from simulators.aws_responses import OfflineResponse
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from mypy_boto3_sesv2 import SESV2Client


@dataclass(frozen=True)
class SesError:
    """An error response of SES.

    Attributes:
        code: botocore's name of the error.
        status: the HTTP status.
        message: may contain addresses, as the real messages do.
    """

    code: str
    status: int = 400
    message: str = "as the test wants it"


class TimedOut:
    """A missing response; ``taken`` says whether SES accepted the e-mail."""

    def __init__(self, *, taken: bool) -> None:
        self.taken = taken


class FakeSes:
    """Accepts e-mails by ``SendEmail``.

    Attributes:
        requests: all requests, refused or not.
        taken: the accepted e-mails.
        fault: the answer to the next requests; None for success.
        when_taken: called after each accepted e-mail.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.fault: SesError | TimedOut | None = None
        self.when_taken: Callable[[], None] = lambda: None

    def client(self) -> SESV2Client:
        """Make a client of this SES."""
        ses = boto3.client(
            "sesv2",
            region_name=REGION,
            aws_access_key_id="fake",
            aws_secret_access_key="fake",
            config=SENDING_CONFIG,
        )
        # Botocore's stubs do not know that a before-send handler may return a response.
        ses.meta.events.register("before-send.sesv2", self._answer)  # type: ignore[arg-type]
        return ses

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        if (request.method, request.url.partition(".com")[2]) != ("POST", "/v2/email/outbound-emails"):
            raise AssertionError(f"no flow is known to call {request.method} {request.url}")
        email = json.loads(cast("bytes", request.body))
        self.requests.append(email)
        match self.fault:
            case SesError(code, status, message):
                body = json.dumps({"message": message}).encode()
                return OfflineResponse(request.url, status, body, {"x-amzn-ErrorType": code})
            case TimedOut(taken=False):
                raise ReadTimeoutError(endpoint_url=request.url)
        self.taken.append(email)
        self.when_taken()
        if self.fault is not None:
            raise ReadTimeoutError(endpoint_url=request.url)
        return OfflineResponse(request.url, 200, json.dumps({"MessageId": f"message-{len(self.taken)}"}).encode())


class SuppressionList:
    """The list of an account's suppressed addresses, which moto lacks ("DeleteSuppressedDestination", SES API v2).

    Attributes:
        addresses: on the list.
        forbidden: whether IAM refuses the caller.
    """

    def __init__(self) -> None:
        self.addresses: set[str] = set()
        self.forbidden = False

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Answer the clients of every session that begins within the block."""
        handler = ("before-call.sesv2.DeleteSuppressedDestination", self._delete)
        BUILTIN_HANDLERS.append(handler)
        try:
            yield
        finally:
            BUILTIN_HANDLERS.remove(handler)

    def _delete(self, params: Mapping[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        address = unquote(params["url_path"].rpartition("/")[2])
        if self.forbidden:
            return self._error(params, HTTPStatus.FORBIDDEN, "AccessDeniedException")
        if address not in self.addresses:
            return self._error(params, HTTPStatus.NOT_FOUND, "NotFoundException")
        self.addresses.remove(address)
        return OfflineResponse(params["url"], HTTPStatus.OK, b"{}"), {"ResponseMetadata": {}}

    def _error(self, params: Mapping[str, Any], status: HTTPStatus, code: str) -> tuple[AWSResponse, dict[str, Any]]:
        answer = {"Error": {"Code": code, "Message": "as Amazon SES says it"}, "ResponseMetadata": {}}
        return OfflineResponse(params["url"], status, b"{}"), answer
