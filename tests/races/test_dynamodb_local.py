"""What the races rely on: DynamoDB Local decides conditional writes one after another."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from simulators.cloud import Cloud

THREADS = 100


def test_of_a_hundred_conditional_writes_exactly_one_goes_through(cloud: Cloud) -> None:
    start = Barrier(THREADS)

    def claim(number: int) -> str:
        start.wait()
        try:
            cloud.dynamodb.put_item(
                TableName=cloud.tables["AccessTable"],
                Item={"pk": {"S": "claim"}, "claimed_by": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "claimed"

    with ThreadPoolExecutor(THREADS) as threads:
        outcomes = Counter(threads.map(claim, range(THREADS)))

    assert outcomes == {"claimed": 1, "ConditionalCheckFailedException": THREADS - 1}


def test_a_refused_write_brings_back_the_item_that_stood_there(cloud: Cloud) -> None:
    item = {"pk": {"S": "counter"}, "failures": {"N": "3"}}
    cloud.dynamodb.put_item(TableName=cloud.tables["AccessTable"], Item=item)

    with pytest.raises(ClientError) as refusal:
        cloud.dynamodb.put_item(
            TableName=cloud.tables["AccessTable"],
            Item={"pk": {"S": "counter"}},
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    # What a refused write brings back is not in the types of botocore.
    assert dict(refusal.value.response)["Item"] == item
