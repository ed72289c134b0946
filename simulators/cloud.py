"""Creates the tables and keys of the template in the cloud of the given clients."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from simulators.aws_calls import recorded_calls
from simulators.buckets import BUCKET, FakeBucket
from simulators.clock import Clock
from simulators.code_deploy import version_arn
from simulators.kms import REGION
from simulators.queues import FakeQueues
from simulators.secrets_manager import PROVIDER_SECRET, FakeSecretsManager
from simulators.ses import FakeSes
from simulators.template import project_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

    from simulators.aws_calls import CallLog

# The parameters without a default.
_PARAMETERS = {"Environment": "local", "PublicOrigin": "https://members.example"}


@dataclass(frozen=True)
class Cloud:
    """The AWS services that a function uses.

    Attributes:
        dynamodb: client of the tables.
        kms: client of the keys.
        tables: table names by the template's logical names.
        keys: key ARNs by the template's logical names.
        clock: the time of the queues, and of functions without another clock.
        sent_emails: keeps e-mails.
        secrets: keeps the print providers' secret.
        bucket: keeps the files of loads.
    """

    dynamodb: DynamoDBClient
    kms: KMSClient
    tables: Mapping[str, str]
    keys: Mapping[str, str]
    clock: Clock = field(default_factory=Clock)
    sent_emails: FakeSes = field(default_factory=FakeSes)
    secrets: FakeSecretsManager = field(default_factory=FakeSecretsManager)
    bucket: FakeBucket = field(default_factory=FakeBucket)

    @cached_property
    def queues(self) -> FakeQueues:
        """The simulator that keeps messages."""
        return FakeQueues(self.clock)

    @cached_property
    def s3(self) -> S3Client:
        """Client of the bucket."""
        return self.bucket.client()

    @cached_property
    def secretsmanager(self) -> SecretsManagerClient:
        """Client of Secrets Manager."""
        return self.secrets.client()

    @cached_property
    def ses(self) -> SESV2Client:
        """Client of SES."""
        return self.sent_emails.client()

    @cached_property
    def sqs(self) -> SQSClient:
        """Client of the queues."""
        return self.queues.client()

    def messages(self, queue: str) -> list[str]:
        """Return the messages that were sent to a queue of the template."""
        return self.queues.messages(queue_url(queue))

    def environment(self, function: str, parameters: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return a function's environment from the template, for these tables and keys.

        Args:
            function: its logical name.
            parameters: template parameters that differ from their defaults.
        """
        return project_template().function_environment(
            function, self._resources(), {**_PARAMETERS, **(parameters or {})}
        )

    def recorded_calls(self) -> AbstractContextManager[CallLog]:
        """Record the calls of all clients until the end of the block."""
        return recorded_calls(self.dynamodb, self.kms, self.s3, self.secretsmanager, self.ses, self.sqs)

    def _resources(self) -> dict[str, str]:
        functions = project_template().resources("AWS::Serverless::Function")
        return {
            **self.tables,
            **{
                f"{logical_name}.Arn": f"arn:aws:dynamodb:{REGION}:123456789012:table/{table}"
                for logical_name, table in self.tables.items()
            },
            **{logical_name: arn.rpartition("/")[2] for logical_name, arn in self.keys.items()},
            **{f"{logical_name}.Arn": arn for logical_name, arn in self.keys.items()},
            **{queue: queue_url(queue) for queue in project_template().resources("AWS::SQS::Queue")},
            **{name: name for name in project_template().resources("AWS::SES::ConfigurationSet")},
            **{name: name for name in project_template().resources("AWS::SecretsManager::Secret")},
            "ProviderSecret.Id": PROVIDER_SECRET,
            "ImportBucket": BUCKET,
            **{f"{name}.Version": version_arn(name) for name in functions},
        }


def queue_url(queue: str) -> str:
    """Return the URL of a queue of the template, by its logical name."""
    return f"https://sqs.{REGION}.amazonaws.com/123456789012/{queue}"


def create_tables(dynamodb: DynamoDBClient, suffix: str) -> dict[str, str]:
    """Create every table of the template, empty, with a suffix that separates the tables of tests.

    Time to live stays off: a test's time differs from the emulator's, which would delete items that the test reads.

    Returns:
        The tables' names by logical name.
    """
    names = {}
    for logical_name, definition in project_template().tables().items():
        names[logical_name] = f"{logical_name}-{suffix}"
        dynamodb.create_table(TableName=names[logical_name], **definition.create_table)
    return names


def delete_tables(dynamodb: DynamoDBClient, tables: Mapping[str, str]) -> None:
    """Delete the tables of ``create_tables``."""
    for name in tables.values():
        dynamodb.delete_table(TableName=name)


def create_keys(kms: KMSClient) -> dict[str, str]:
    """Create every key that functions use; AWS's services encrypt with the others.

    Returns:
        The keys' ARNs by logical name.
    """
    arns = {}
    for logical_name, definition in project_template().keys().items():
        if definition.usage == "ENCRYPT_DECRYPT":
            continue
        created = kms.create_key(KeySpec=definition.spec, KeyUsage=definition.usage)
        arns[logical_name] = created["KeyMetadata"]["Arn"]
    return arns
