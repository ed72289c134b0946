"""Request units follow the rules that DynamoDB documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from simulators.consumption import RRU, WRU, Consumption, consumption, item_size
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud


def counted(cloud: Cloud, call: Callable[[Any], object]) -> Consumption:
    looking = boto3.client("dynamodb", region_name=REGION)
    with consumption(looking, cloud.dynamodb, cloud.kms) as found:
        call(cloud.dynamodb)
    return found


def item(cloud: Cloud, pk: str, size: int = 0, **attributes: dict[str, str]) -> dict[str, Any]:
    return {
        "TableName": cloud.tables["AccessTable"],
        "Item": {"pk": {"S": pk}, **attributes, **({"text": {"S": "x" * size}} if size else {})},
    }


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"N": "1795413600"}, 5),
        ({"N": "0"}, 1),
        ({"N": "-12.5"}, 3),
        ({"B": b"123"}, 3),
        ({"BOOL": True}, 1),
        ({"L": [{"S": "ab"}, {"N": "7"}]}, 3 + 2 + 2 + 2),
        ({"M": {"k": {"S": "ab"}}}, 3 + 1 + 1 + 2),
        ({"SS": ["a", "bc"]}, 3),
    ],
    ids=str,
)
def test_a_value_has_its_documented_size(value: dict[str, Any], size: int) -> None:
    assert item_size({"name": value}) == len("name") + size


def test_a_missing_item_costs_a_read_unit_each(cloud: Cloud) -> None:
    table = cloud.tables["AccessTable"]
    keys = [{"pk": {"S": f"{number}"}} for number in range(3)]
    found = counted(cloud, lambda db: db.batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}}))
    assert found.counts == {RRU: 3}


def test_a_read_of_5_kb_costs_two_units(cloud: Cloud) -> None:
    cloud.dynamodb.put_item(**item(cloud, "A", 5000))
    key = {"TableName": cloud.tables["AccessTable"], "Key": {"pk": {"S": "A"}}, "ConsistentRead": True}
    assert counted(cloud, lambda db: db.get_item(**key)).counts == {RRU: 2}


def test_a_read_that_may_be_stale_is_refused(cloud: Cloud) -> None:
    key = {"TableName": cloud.tables["AccessTable"], "Key": {"pk": {"S": "A"}}}
    with pytest.raises(NotImplementedError):
        counted(cloud, lambda db: db.get_item(**key))


def test_a_write_costs_the_larger_of_the_items_before_and_after(cloud: Cloud) -> None:
    assert counted(cloud, lambda db: db.put_item(**item(cloud, "A", 2000))).counts == {WRU: 2}
    assert counted(cloud, lambda db: db.put_item(**item(cloud, "A"))).counts == {WRU: 2}
    assert counted(cloud, lambda db: db.put_item(**item(cloud, "A"))).counts == {WRU: 1}


def test_a_transaction_costs_twice(cloud: Cloud) -> None:
    parts = [{"Put": item(cloud, pk)} for pk in ("SESSION#1", "DEVICE#1")]
    found = counted(cloud, lambda db: db.transact_write_items(TransactItems=parts))
    assert found.counts == {WRU: 4}
    assert found.writes == {("Put", "SESSION#"): 2, ("Put", "DEVICE#"): 2}


def test_a_refused_write_costs_as_much(cloud: Cloud) -> None:
    refused = {**item(cloud, "A"), "ConditionExpression": "attribute_exists(pk)"}

    def write(dynamodb: Any) -> None:  # noqa: ANN401 - a client of boto3
        with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
            dynamodb.put_item(**refused)

    assert counted(cloud, write).counts == {WRU: 1}


@pytest.mark.parametrize(
    ("state", "units"), [("requested", 1), ("drafted", 3)], ids=["nothing changes", "the index moves it"]
)
def test_an_index_is_written_only_when_its_item_changes(cloud: Cloud, state: str, units: int) -> None:
    changed_at = {"N": "1"}
    cloud.dynamodb.put_item(**item(cloud, "LETTER#1", letter_state={"S": "requested"}, changed_at=changed_at))
    again = item(cloud, "LETTER#1", letter_state={"S": state}, changed_at=changed_at)
    assert counted(cloud, lambda db: db.put_item(**again)).counts == {WRU: units}


def test_other_calls_are_counted_by_operation(cloud: Cloud) -> None:
    request = {"KeyId": cloud.keys["PinKey"], "Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}
    assert counted(cloud, lambda _: cloud.kms.generate_mac(**request)).counts == {"kms:GenerateMac": 1}  # type: ignore[arg-type]
