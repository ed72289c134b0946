"""A store of letter jobs in DynamoDB that opens jobs as the flows do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from letters.storage.jobs import DynamoDbLetterJobs
from member_access.outbox.outbox import put_request
from member_access.platform.aws import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.outbox.letter_job_item import LetterRequest


class OpenedDynamoDbLetterJobs(DynamoDbLetterJobs):
    """A store in which a test can open jobs."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        super().__init__(dynamodb, table)
        self._client = dynamodb
        self._access_table = table

    def open(self, request: LetterRequest) -> None:
        """Decide on a letter."""
        transact(self._client, [put_request(self._access_table, request)])
