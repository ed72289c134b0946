"""Lists letter jobs by state, for operators: from the index ``letters-by-state``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from letters.storage.jobs import INDEX, job_from_item
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from letters.model.job import JobState, LetterJob
    from member_access.values.types import Instant


class _Changed(TypedDict):
    """What the two queries have in common."""

    TableName: str
    IndexName: str
    KeyConditionExpression: str
    ExpressionAttributeValues: Mapping[str, AttributeValueTypeDef]


class LetterJobLists:
    """Reads the index."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def changed_jobs(self, state: JobState, since: Instant) -> Iterator[LetterJob]:
        """Jobs in a state that they took at that instant or later, newest first, page by page."""
        pages = self._dynamodb.get_paginator("query").paginate(**self._changed(state, since), ScanIndexForward=False)
        with translate_errors():
            for page in pages:
                yield from (job_from_item(item) for item in page["Items"])

    def count_changed(self, state: JobState, since: Instant) -> int:
        """Count the jobs of ``changed_jobs``; DynamoDB reads them all."""
        pages = self._dynamodb.get_paginator("query").paginate(**self._changed(state, since), Select="COUNT")
        with translate_errors():
            return sum(page["Count"] for page in pages)

    def _changed(self, state: JobState, since: Instant) -> _Changed:
        return {
            "TableName": self._table,
            "IndexName": INDEX,
            "KeyConditionExpression": "letter_state = :state AND changed_at >= :since",
            "ExpressionAttributeValues": {":state": {"S": state}, ":since": {"N": str(since)}},
        }
