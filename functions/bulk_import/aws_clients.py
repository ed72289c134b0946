"""The AWS clients of a load: no member waits for it, so it waits patiently for throttled calls."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

from member_access.platform.aws import USER_AGENT

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

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """The Members table."""
        return boto3.client("dynamodb", config=PATIENT_CONFIG)

    @cached_property
    def kms(self) -> KMSClient:
        """The keys."""
        return boto3.client("kms", config=PATIENT_CONFIG)

    @cached_property
    def s3(self) -> S3Client:
        """The bucket of loads."""
        return boto3.client("s3", config=PATIENT_CONFIG)
