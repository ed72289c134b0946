"""The AWS clients of a load: no member waits for it, so it waits patiently for throttled calls."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from botocore.config import Config

from member_access.platform.aws import USER_AGENT
from member_access.platform.aws_session import AwsSession

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

WORKERS: Final = 16
"""The number of rows that one worker writes at once."""

PATIENT_CONFIG: Final = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 10},
    max_pool_connections=WORKERS,
    # A fifth of the processor time of a call of KMS.
    user_agent=USER_AGENT,
)


class LoadClients:
    """Clients of AWS, or of the endpoint in ``AWS_ENDPOINT_URL``; all are safe to share between threads."""

    def __init__(self) -> None:
        self._session = AwsSession()

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """The Members table."""
        client: DynamoDBClient = self._session.client("dynamodb", PATIENT_CONFIG)
        return client

    @cached_property
    def kms(self) -> KMSClient:
        """The keys."""
        client: KMSClient = self._session.client("kms", PATIENT_CONFIG)
        return client

    @cached_property
    def s3(self) -> S3Client:
        """The bucket of loads."""
        client: S3Client = self._session.client("s3", PATIENT_CONFIG)
        return client
