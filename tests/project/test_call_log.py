"""The log that counts the AWS calls of a flow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from simulators.aws_calls import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.aws_calls import CallLog
    from simulators.cloud import Cloud


@pytest.fixture
def log(cloud: Cloud) -> Iterator[CallLog]:
    with cloud.recorded_calls() as log:
        yield log


def read(cloud: Cloud, table: str = "AccessTable") -> None:
    cloud.dynamodb.get_item(TableName=cloud.tables[table], Key={"pk": {"S": "any"}})


def test_a_call_is_recorded_with_its_operation_and_table(cloud: Cloud, log: CallLog) -> None:
    read(cloud)

    (call,) = log.calls
    assert call.operation == "dynamodb:GetItem"
    assert call.resources == (cloud.tables["AccessTable"],)
    assert call.permissions == {Permission("dynamodb:GetItem", cloud.tables["AccessTable"])}


def test_a_call_that_aws_refuses_is_recorded_too(cloud: Cloud, log: CallLog) -> None:
    with pytest.raises(cloud.dynamodb.exceptions.ResourceNotFoundException):
        cloud.dynamodb.get_item(TableName="no-such-table", Key={"pk": {"S": "any"}})

    assert [call.resources for call in log.calls] == [("no-such-table",)]


def test_a_key_is_recorded_by_its_arn(cloud: Cloud, log: CallLog) -> None:
    cloud.kms.generate_mac(KeyId=cloud.keys["PinKey"], Message=b"text", MacAlgorithm="HMAC_SHA_256")

    assert log.permissions() == {Permission("kms:GenerateMac", cloud.keys["PinKey"])}


def test_a_batch_names_its_table_once_for_each_item(cloud: Cloud, log: CallLog) -> None:
    members, access = cloud.tables["MembersTable"], cloud.tables["AccessTable"]
    cloud.dynamodb.batch_get_item(
        RequestItems={
            members: {"Keys": [{"pk": {"S": "a"}}]},
            access: {"Keys": [{"pk": {"S": "a"}}, {"pk": {"S": "b"}}]},
        }
    )

    assert log.footprint() == {("dynamodb:BatchGetItem", (access, access, members)): 1}


def test_a_transaction_needs_the_permissions_of_its_parts(cloud: Cloud, log: CallLog) -> None:
    members, access = cloud.tables["MembersTable"], cloud.tables["AccessTable"]
    cloud.dynamodb.transact_write_items(
        TransactItems=[
            {
                "ConditionCheck": {
                    "TableName": members,
                    "Key": {"pk": {"S": "a"}},
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            },
            {"Put": {"TableName": access, "Item": {"pk": {"S": "a"}}}},
            {"Delete": {"TableName": access, "Key": {"pk": {"S": "b"}}}},
        ]
    )

    (call,) = log.calls
    assert call.resources == (access, access, members)
    assert call.permissions == {
        Permission("dynamodb:ConditionCheckItem", members),
        Permission("dynamodb:PutItem", access),
        Permission("dynamodb:DeleteItem", access),
    }


def test_an_email_needs_the_senders_domain_and_the_configuration_set(cloud: Cloud, log: CallLog) -> None:
    cloud.ses.send_email(
        FromEmailAddress="Mutuelle <noreply@mutuelle.example>",
        Destination={"ToAddresses": ["member@example.fr"]},
        Content={"Simple": {"Subject": {"Data": "any"}, "Body": {"Text": {"Data": "any"}}}},
        ConfigurationSetName="emails",
    )

    assert log.permissions() == {
        Permission("ses:SendEmail", "identity/mutuelle.example"),
        Permission("ses:SendEmail", "configuration-set/emails"),
    }


def test_a_query_of_an_index_needs_the_index(cloud: Cloud, log: CallLog) -> None:
    table = cloud.tables["AccessTable"]
    cloud.dynamodb.query(
        TableName=table,
        IndexName="letters-by-state",
        KeyConditionExpression="letter_state = :state",
        ExpressionAttributeValues={":state": {"S": "any"}},
    )

    assert log.permissions() == {Permission("dynamodb:Query", f"{table}/index/letters-by-state")}


def test_a_write_records_its_key_and_top_level_attributes(cloud: Cloud, log: CallLog) -> None:
    table = cloud.tables["AccessTable"]
    cloud.dynamodb.put_item(TableName=table, Item={"pk": {"S": "A#1"}, "days": {"M": {"7": {"N": "1"}}}})
    cloud.dynamodb.update_item(
        TableName=table,
        Key={"pk": {"S": "A#1"}},
        UpdateExpression="SET #to = if_not_exists(seen, :no) ADD days.#day :one",
        ConditionExpression="attribute_not_exists(holder) AND (#size <= :one OR days.#day IN (:one))",
        ExpressionAttributeNames={"#to": "to", "#day": "7", "#size": "size"},
        ExpressionAttributeValues={":no": {"N": "0"}, ":one": {"N": "1"}},
        ReturnValues="ALL_NEW",
    )

    put, update = (request.context for request in log.requests())
    assert put == {
        "dynamodb:LeadingKeys": ("A#1",),
        "dynamodb:Attributes": ("days", "pk"),
        "dynamodb:ReturnValues": ("NONE",),
    }
    assert update["dynamodb:Attributes"] == ("days", "holder", "pk", "seen", "size", "to")
    assert update["dynamodb:ReturnValues"] == ("ALL_NEW",)


def test_all_keys_of_a_batch_are_decided_on_together(cloud: Cloud, log: CallLog) -> None:
    members, access = cloud.tables["MembersTable"], cloud.tables["AccessTable"]
    cloud.dynamodb.batch_get_item(
        RequestItems={members: {"Keys": [{"pk": {"S": "M#1"}}]}, access: {"Keys": [{"pk": {"S": "A#1"}}]}}
    )

    assert [request.context["dynamodb:LeadingKeys"] for request in log.requests()] == [("M#1", "A#1")] * 2


def test_flows_that_differ_in_a_table_have_different_footprints(cloud: Cloud) -> None:
    with cloud.recorded_calls() as one:
        read(cloud, "MembersTable")
    with cloud.recorded_calls() as other:
        read(cloud, "AccessTable")

    assert one.footprint() != other.footprint()


def test_nothing_is_recorded_after_the_block(cloud: Cloud) -> None:
    with cloud.recorded_calls() as log:
        read(cloud)
    read(cloud)

    assert len(log.calls) == 1


def test_calls_one_after_another_are_as_many_hops(cloud: Cloud, log: CallLog) -> None:
    read(cloud)
    read(cloud)

    assert log.hops() == 2


def test_a_task_and_what_runs_beside_it_share_a_hop(cloud: Cloud, log: CallLog) -> None:
    read(cloud)
    other = log.executor.submit(read, cloud)
    read(cloud)
    other.result()
    read(cloud)

    assert log.hops() == 3


def test_the_longer_of_two_branches_counts(cloud: Cloud, log: CallLog) -> None:
    def read_twice() -> None:
        read(cloud)
        read(cloud)

    other = log.executor.submit(read_twice)
    read(cloud)
    other.result()
    read(cloud)

    assert log.hops() == 3


def test_a_task_that_is_waited_for_at_once_saves_no_hop(cloud: Cloud, log: CallLog) -> None:
    log.executor.submit(read, cloud).result()
    read(cloud)

    assert log.hops() == 2


def test_a_task_without_a_waiter_still_counts(cloud: Cloud, log: CallLog) -> None:
    log.executor.submit(read, cloud)

    assert log.hops() == 1


def test_a_task_hands_its_error_to_who_asks_for_the_result(cloud: Cloud, log: CallLog) -> None:
    failing = log.executor.submit(read, cloud, "NoSuchTable")
    read(cloud)

    assert isinstance(failing.exception(), KeyError)
    with pytest.raises(KeyError):
        failing.result()


def test_calls_from_threads_unknown_to_the_log_have_no_number_of_hops(cloud: Cloud, log: CallLog) -> None:
    with ThreadPoolExecutor(1, thread_name_prefix="stranger") as threads:
        threads.submit(read, cloud).result()

    assert len(log.calls) == 1
    with pytest.raises(RuntimeError, match="stranger"):
        log.hops()
