"""What stands in for DynamoDB's restore speaks its protocol, so that a command in another process can call it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from simulators.point_in_time import PointInTime

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MOMENT = datetime(2026, 11, 30, tzinfo=UTC)


def restored(cloud: Cloud) -> str:
    return f"{cloud.tables['MembersTable']}-restored"


def restore(backups: PointInTime, cloud: Cloud, moment: float) -> tuple[int, dict[str, Any]] | None:
    asked = {
        "SourceTableName": cloud.tables["MembersTable"],
        "TargetTableName": restored(cloud),
        "RestoreDateTime": moment,
    }
    return backups.answer("RestoreTableToPointInTime", json.dumps(asked))


def test_a_restored_table_has_what_was_there_at_the_moment_and_is_prepared_first(cloud: Cloud) -> None:
    table = cloud.tables["MembersTable"]
    backups = PointInTime(cloud.dynamodb, cloud.dynamodb, polls=1, refusals=1)
    cloud.dynamodb.put_item(TableName=table, Item={"pk": {"S": "before"}})
    backups.keep(table, MOMENT)
    cloud.dynamodb.put_item(TableName=table, Item={"pk": {"S": "after"}})

    answered = restore(backups, cloud, MOMENT.timestamp())

    assert answered
    assert answered[0] == 200
    assert cloud.dynamodb.scan(TableName=restored(cloud))["Items"] == [{"pk": {"S": "before"}}]
    described = [backups.answer("DescribeTable", json.dumps({"TableName": restored(cloud)})) for _ in range(2)]
    assert described[0]
    assert described[0][1]["Table"]["TableStatus"] == "CREATING"
    assert described[1] is None
    refused = backups.answer("UpdateContinuousBackups", json.dumps({"TableName": restored(cloud)}))
    assert refused
    assert (refused[0], refused[1]["__type"]) == (400, "ContinuousBackupsUnavailableException")


def test_a_moment_before_all_others_is_refused(cloud: Cloud) -> None:
    backups = PointInTime(cloud.dynamodb, cloud.dynamodb)
    backups.keep(cloud.tables["MembersTable"], MOMENT)

    answered = restore(backups, cloud, MOMENT.timestamp() - 1)

    assert answered
    assert (answered[0], answered[1]["__type"]) == (400, "InvalidRestoreTimeException")


def test_other_calls_go_through(cloud: Cloud) -> None:
    assert PointInTime(cloud.dynamodb, cloud.dynamodb).answer("GetItem", "{}") is None
