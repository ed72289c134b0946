"""Finds the stack that a command works on, and makes its clients."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import boto3
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bulk_import.aws_clients import PATIENT_CONFIG
from member_access.errors import MemberAccessError, Unavailable
from member_access.platform.aws import translate_errors
from member_access.values.types import Identifier
from ops.operator_trail import OperatorTrail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

    from member_access.values.types import Instant
    from pseudonyms.handler import Answer

# Longer than the functions that serve operators may run.
_FUNCTION_CONFIG = Config(connect_timeout=5, read_timeout=75, retries={"mode": "standard", "total_max_attempts": 5})
# Report at once that there is no stack.
_DESCRIBE_CONFIG = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 2})


class StackNotFound(MemberAccessError):
    """There is no such stack, or it does not respond. The message says what to do."""


@dataclass(frozen=True)
class Stack:
    """A deployed stack, with its outputs and parameters by name.

    Attributes:
        messages_url: where the local stack lists the messages that it has sent, and deletes them; None on AWS.
    """

    name: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    _session: boto3.Session
    _endpoint_url: str | None
    messages_url: str | None = field(default=None, kw_only=True)

    @classmethod
    def describe(cls, session: boto3.Session, name: str, endpoint_url: str | None = None) -> Stack:
        """Describe a stack by CloudFormation.

        Raises:
            StackNotFound: the stack, credentials or a region are missing, or AWS does not respond.
        """
        try:
            client = session.client("cloudformation", endpoint_url=endpoint_url, config=_DESCRIBE_CONFIG)
            stack = client.describe_stacks(StackName=name)["Stacks"][0]
        except exceptions.NoRegionError:
            raise StackNotFound(
                "No AWS region is set. Set AWS_REGION, or set AWS_PROFILE to a profile that has a region."
            ) from None
        except exceptions.NoCredentialsError:
            raise StackNotFound("No AWS credentials were found. Sign in to AWS, or set AWS_PROFILE.") from None
        except (exceptions.ConnectionError, exceptions.HTTPClientError):
            where = endpoint_url or "AWS"
            raise StackNotFound(f"{where} does not respond. Check the network and try again.") from None
        except (BotoCoreError, ClientError) as error:
            raise StackNotFound(f"Stack {name} was not found: {error}") from None
        return cls(
            name,
            {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
            {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack.get("Parameters", [])},
            session,
            endpoint_url,
        )

    @property
    def identifier_pattern(self) -> re.Pattern[str]:
        """The form of this stack's identifiers."""
        return re.compile(self.parameters.get("IdentifierPattern", Identifier.DEFAULT_PATTERN.pattern), re.ASCII)

    def output(self, name: str) -> str:
        """Return one output.

        Raises:
            StackNotFound: the stack was deployed from another template.
        """
        try:
            return self.outputs[name]
        except KeyError:
            raise StackNotFound(
                f"Stack {self.name} has no output {name}. Deploy this version of the template first."
            ) from None

    def resources(self, kind: str) -> dict[str, str]:
        """Return the physical ids of all resources of a CloudFormation type, by logical name.

        Raises:
            StackNotFound: CloudFormation does not respond.
        """
        client = self._session.client("cloudformation", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)
        try:
            pages = client.get_paginator("list_stack_resources").paginate(StackName=self.name)
            return {
                resource["LogicalResourceId"]: resource["PhysicalResourceId"]
                for page in pages
                for resource in page["StackResourceSummaries"]
                if resource["ResourceType"] == kind
            }
        except (BotoCoreError, ClientError) as error:
            raise StackNotFound(f"The resources of stack {self.name} cannot be listed: {error}") from None

    def call(self, function: str, request: Mapping[str, object]) -> Any:  # noqa: ANN401 - the answer is JSON
        """Call one of the stack's functions that serve operators, and wait for its answer.

        Args:
            function: its name in the template.
            request: what it takes, as JSON.

        Raises:
            NotAllowed: the operator may not call it.
            StackNotFound: the stack was deployed from another template.
            Unavailable: the function failed or did not respond.
        """
        if function not in (names := self.resources("AWS::Lambda::Function")):
            what = f"Stack {self.name} has no function {function}. Deploy this version of the template first."
            raise StackNotFound(what)
        return self._invoke(names[function], request)

    def operator_trail(self, clock: Callable[[], Instant]) -> OperatorTrail:
        """Open the audit trail of operators.

        Raises:
            NotAllowed: the operator may not write to it.
            StackNotFound: the stack was deployed from another template.
            Unavailable: AWS did not respond.
        """
        logs = self._session.client("logs", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)
        sts = self._session.client("sts", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)
        return OperatorTrail.open(logs, sts, self.output("OperatorLogs"), clock)

    def pseudonyms(self, identifiers: Sequence[Identifier], browsers: Sequence[str] = ()) -> Answer:
        """Ask the stack's function under which pseudonyms it keeps what belongs to members.

        Args:
            identifiers: of members; those of no member are left out of the answer.
            browsers: the hashes of known browsers.

        Raises:
            NotAllowed: the operator may not call the function.
            StackNotFound: the stack was deployed from another template.
            Unavailable: the function did not answer.
        """
        question = {"identifiers": [*identifiers], "browsers": [*browsers]}
        answer: Answer = self._invoke(self.output("PseudonymsFunction"), question)
        return answer

    def _invoke(self, function: str, request: Mapping[str, object]) -> Any:  # noqa: ANN401 - the answer is JSON
        """Call the version of a function that serves, which a rollback chooses too."""
        client = self._session.client("lambda", endpoint_url=self._endpoint_url, config=_FUNCTION_CONFIG)
        with translate_errors():
            answer = client.invoke(FunctionName=function, Qualifier="live", Payload=json.dumps(request))
            content = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            # The message of the error may hold a value.
            raise Unavailable(f"{function} failed ({content.get('errorType', 'no answer')}), as its log says")
        return content

    def cloudwatch(self) -> Any:  # noqa: ANN401 - the development tools have no types of CloudWatch
        """Make a client for the metrics."""
        return self._session.client("cloudwatch", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)

    def s3(self) -> S3Client:
        """Make a client for the bucket of loads."""
        return self._session.client("s3", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)

    def stepfunctions(self) -> SFNClient:
        """Make a client for the state machine of loads."""
        return self._session.client("stepfunctions", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)

    def wafv2(self) -> Any:  # noqa: ANN401 - the development tools have no types of WAF
        """Make a client for the firewall."""
        return self._session.client("wafv2", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)

    def sqs(self) -> SQSClient:
        """Make a client for the queues."""
        return self._session.client("sqs", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)

    def ses(self) -> SESV2Client:
        """Make a client for Amazon SES."""
        return self._session.client("sesv2", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)

    def dynamodb(self) -> DynamoDBClient:
        """Make a client for the tables, safe to share between threads."""
        return self._session.client("dynamodb", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)

    def kms(self) -> KMSClient:
        """Make a client for the keys, safe to share between threads."""
        return self._session.client("kms", endpoint_url=self._endpoint_url, config=PATIENT_CONFIG)


def deployed_stack(name: str) -> Stack:
    """Find a stack in the AWS account and region that the operator is signed in to.

    Raises:
        StackNotFound: it cannot be reached.
    """
    try:
        session = boto3.Session()
    except BotoCoreError as error:
        raise StackNotFound(f"The AWS configuration cannot be used: {error}") from None
    return Stack.describe(session, name)


def local_stack(state_directory: Path) -> Stack:
    """Find the stack that runs on this machine.

    Raises:
        StackNotFound: none runs.
    """
    not_running = "The local stack is not running. Start it with `make run` and try again."
    try:
        state = json.loads((state_directory / "cloud.json").read_text(encoding="utf-8"))
        endpoint_url, region, name = state["endpoint_url"], state["region"], state["stack_name"]
    except (OSError, ValueError, KeyError, TypeError):
        raise StackNotFound(not_running) from None
    session = boto3.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local cloud's password is no secret
        region_name=region,
    )
    try:
        return replace(Stack.describe(session, name, endpoint_url), messages_url=state.get("messages_url"))
    except StackNotFound:
        raise StackNotFound(not_running) from None
