"""The composition root: the source of settings, clients, the clock and randomness.

A function's ``handler`` composes its flow from a ``Runtime``; tests compose the same flow from another one.
"""

from __future__ import annotations

import gc
import os
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from aws_lambda_powertools import Logger

from member_access.platform.aws import CLIENT_CONFIG, SENDING_CONFIG
from member_access.platform.aws_session import AwsSession
from member_access.values.types import Instant

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


class Clients(Protocol):
    """The AWS clients; a function creates only those that it uses."""

    @property
    def dynamodb(self) -> DynamoDBClient:
        """The two tables."""

    @property
    def kms(self) -> KMSClient:
        """The keys."""

    @property
    def secretsmanager(self) -> SecretsManagerClient:
        """The credentials for other companies' services."""

    @property
    def ses(self) -> SESV2Client:
        """The e-mail service."""

    @property
    def sqs(self) -> SQSClient:
        """The queues."""


class AwsClients:
    """Clients of AWS, or of the endpoint in ``AWS_ENDPOINT_URL``."""

    def __init__(self) -> None:
        self._session = AwsSession()

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """The two tables."""
        client: DynamoDBClient = self._session.client("dynamodb", CLIENT_CONFIG)
        return client

    @cached_property
    def kms(self) -> KMSClient:
        """The keys."""
        client: KMSClient = self._session.client("kms", CLIENT_CONFIG)
        return client

    @cached_property
    def secretsmanager(self) -> SecretsManagerClient:
        """The credentials for other companies' services."""
        client: SecretsManagerClient = self._session.client("secretsmanager", CLIENT_CONFIG)
        return client

    @cached_property
    def ses(self) -> SESV2Client:
        """The e-mail service."""
        client: SESV2Client = self._session.client("sesv2", SENDING_CONFIG)
        return client

    @cached_property
    def sqs(self) -> SQSClient:
        """The queues."""
        client: SQSClient = self._session.client("sqs", CLIENT_CONFIG)
        return client

    def disconnect(self) -> None:
        """Close the connections of the clients made so far; the next call opens another."""
        for name in _SERVICES & vars(self).keys():
            vars(self)[name].close()


_SERVICES = frozenset(("dynamodb", "kms", "secretsmanager", "ses", "sqs"))


def _clock() -> Instant:
    return Instant(int(time.time()))


@dataclass(frozen=True)
class Runtime:
    """The parts from which a flow is composed.

    Attributes:
        environment: the variables that hold the settings.
        clients: the AWS clients.
        now: the clock.
        random_bytes: returns the given number of bytes, fit for secrets.
        pause: waits a number of seconds before another attempt.
        logger: for audit events and failures.
        executor: makes the second and third of concurrent calls.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clients: Clients = field(default_factory=AwsClients)
    now: Callable[[], Instant] = _clock
    random_bytes: Callable[[int], bytes] = secrets.token_bytes
    pause: Callable[[float], None] = time.sleep
    logger: Logger = field(default_factory=lambda: Logger(location=None))
    executor: Executor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=2))


Handler = Callable[[dict[str, Any], "LambdaContext"], Any]


class LambdaHandler:
    """The entry point for Lambda, which composes the flow once.

    In Lambda it does so at the start of the function, which gets a whole processor; elsewhere at the first event, so
    that an import has no effect.

    Args:
        compose: puts the function together.
        clients: makes the AWS clients.
    """

    def __init__(self, compose: Callable[[Runtime], Handler], clients: Callable[[], AwsClients] = AwsClients) -> None:
        self._compose = compose
        self._clients = clients
        if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
            self._flow  # noqa: B018 - composes it

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> Any:  # noqa: ANN401 - the flow's answer
        """Answer one event."""
        return self._flow(event, context)

    @cached_property
    def _flow(self) -> Handler:
        clients = self._clients()
        try:
            return self._compose(Runtime(clients=clients))
        finally:
            if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
                # A connection does not outlive the snapshot (Lambda developer guide, SnapStart, "Best practices").
                clients.disconnect()
            if not gc.isenabled():
                # What exists now is there to stay: no later search for garbage looks at it.
                gc.freeze()
                gc.enable()
