"""Lambda and CodeDeploy for the hook that checks new versions: boto3 clients whose calls reach functions here."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.response import StreamingBody

from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.client import BaseClient
    from mypy_boto3_lambda import LambdaClient

    from canary.version_check import Deployments

EVENT = {"DeploymentId": "d-0123ABCDE", "LifecycleEventHookExecutionId": "execution-1"}
"""What CodeDeploy sends a hook (CodeDeploy User Guide, "AppSpec hooks section for a Lambda deployment")."""

_Answer = tuple[AWSResponse, dict[str, Any]]


def version_arn(function: str) -> str:
    """Return the ARN of a published version of a function."""
    return f"arn:aws:lambda:{REGION}:123456789012:function:{function}:7"


class FakeCodeDeploy:
    """Runs versions of functions, and takes reports.

    Attributes:
        functions: by the name in their ARN; one that is not here does not start.
        events: what each function was called with, by its name.
        reports: the status of each report, with the identifiers of its hook.
    """

    def __init__(self) -> None:
        self.functions: dict[str, Callable[[dict[str, Any], LambdaContext], Any]] = {}
        self.events: dict[str, dict[str, Any]] = {}
        self.reports: list[tuple[str, dict[str, str]]] = []

    def lambda_client(self) -> LambdaClient:
        """Make a client of Lambda."""
        client = boto3.client("lambda", region_name=REGION, aws_access_key_id="fake", aws_secret_access_key="fake")
        _answer_instead(client, "before-call.lambda.Invoke", self._invoke)
        return client

    def deployments(self) -> Deployments:
        """Make a client of CodeDeploy."""
        client = boto3.client("codedeploy", region_name=REGION, aws_access_key_id="fake", aws_secret_access_key="fake")
        _answer_instead(client, "before-call.codedeploy", self._take_report)
        return cast("Deployments", client)

    def _invoke(self, params: Mapping[str, Any], **_: object) -> _Answer:
        (name,) = re.findall(r"function%3A([\w-]+)%3A\d+/invocations$", params["url_path"])
        self.events[name] = json.loads(params["body"])
        function = self.functions.get(name)
        if function is None:
            # Lambda API reference, Invoke: 200 with FunctionError when the function fails or does not start.
            failed = {"errorType": "Runtime.ImportModuleError", "errorMessage": "as the test wants it"}
            return _answered(params, {"FunctionError": "Unhandled", "Payload": _stream(failed)})
        context = LambdaContext()
        context._aws_request_id = "request"  # noqa: SLF001 - Lambda sets it so
        return _answered(params, {"Payload": _stream(function(self.events[name], context))})

    def _take_report(self, params: Mapping[str, Any], **_: object) -> _Answer:
        report = json.loads(params["body"])
        self.reports.append((report.pop("status"), report))
        return _answered(params, {})


def _answer_instead(client: BaseClient, event: str, answer: Callable[..., _Answer]) -> None:
    # Botocore's stubs do not know that this handler may return a response.
    client.meta.events.register(event, answer)  # type: ignore[arg-type]


def _answered(params: Mapping[str, Any], parsed: dict[str, Any]) -> _Answer:
    return AWSResponse(params["url"], HTTPStatus.OK, HTTPHeaders(), None), parsed


def _stream(content: object) -> StreamingBody:
    body = json.dumps(content).encode()
    return StreamingBody(BytesIO(body), len(body))
