"""Letter jobs in DynamoDB, opened as the flows open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from letter_jobs import DynamoDbLetterJobs
from member_access.aws import transact
from member_access.outgoing import letter_requested

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.outgoing import LetterRequest


class OpenedDynamoDbLetterJobs(DynamoDbLetterJobs):
    """The store, in which a test may open jobs."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        super().__init__(dynamodb, table)
        self._client = dynamodb
        self._access_table = table

    def open(self, request: LetterRequest) -> None:
        """Decide on a letter."""
        transact(self._client, [letter_requested(self._access_table, request)])
