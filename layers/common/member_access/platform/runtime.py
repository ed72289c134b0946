"""The composition root: where settings, clients, the clock and randomness come from.

Everything else is given what it needs. A function's entry module composes its flow from a ``Runtime``; tests compose
the same flow from another one.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from aws_lambda_powertools import Logger

from member_access.platform.aws import CLIENT_CONFIG, SENDING_CONFIG
from member_access.values.types import Instant

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


class Clients(Protocol):
    """The AWS clients; a function creates only those that it asks for."""

    @property
    def dynamodb(self) -> DynamoDBClient:
        """The two tables."""

    @property
    def kms(self) -> KMSClient:
        """The keys."""

    @property
    def secretsmanager(self) -> SecretsManagerClient:
        """What keeps the credentials of others' services."""

    @property
    def ses(self) -> SESV2Client:
        """What sends e-mails."""

    @property
    def sqs(self) -> SQSClient:
        """The queues."""


class AwsClients:
    """Clients of the real AWS, or of what ``AWS_ENDPOINT_URL`` points to."""

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """The two tables."""
        return boto3.client("dynamodb", config=CLIENT_CONFIG)

    @cached_property
    def kms(self) -> KMSClient:
        """The keys."""
        return boto3.client("kms", config=CLIENT_CONFIG)

    @cached_property
    def secretsmanager(self) -> SecretsManagerClient:
        """What keeps the credentials of others' services."""
        return boto3.client("secretsmanager", config=CLIENT_CONFIG)

    @cached_property
    def ses(self) -> SESV2Client:
        """What sends e-mails."""
        return boto3.client("sesv2", config=SENDING_CONFIG)

    @cached_property
    def sqs(self) -> SQSClient:
        """The queues."""
        return boto3.client("sqs", config=CLIENT_CONFIG)


def _clock() -> Instant:
    return Instant(int(time.time()))


@dataclass(frozen=True)
class Runtime:
    """What a flow is composed from.

    Attributes:
        environment: where the settings are.
        clients: of AWS.
        now: the clock.
        random_bytes: as many as asked for, fit for secrets.
        logger: for audit events and failures.
        executor: makes the second of two calls that need not wait for each other.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clients: Clients = field(default_factory=AwsClients)
    now: Callable[[], Instant] = _clock
    random_bytes: Callable[[int], bytes] = secrets.token_bytes
    logger: Logger = field(default_factory=lambda: Logger(location=None))
    executor: Executor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))


Handler = Callable[[dict[str, Any], "LambdaContext"], Any]


class LambdaHandler:
    """What Lambda calls. The flow is composed once: when Lambda starts the function, elsewhere at the first event.

    Lambda gives the start of a function a whole processor; importing the module anywhere else has no effect.
    """

    def __init__(self, compose: Callable[[Runtime], Handler]) -> None:
        self._compose = compose
        if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
            self._flow  # noqa: B018 - composes it

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> Any:  # noqa: ANN401 - the flow's answer
        """Answer one event."""
        return self._flow(event, context)

    @cached_property
    def _flow(self) -> Handler:
        return self._compose(Runtime())
