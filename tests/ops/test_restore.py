"""``python -m ops restore``: the members of a moment, in tables that no earlier session or counter belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest

from member_access.errors import Unavailable
from member_access.values.types import Instant
from ops.__main__ import main
from ops.restored_tables import NotEmpty, RestoredTables
from ops.table_definition import access_table, time_to_live
from simulators.aws_calls import failing
from simulators.clock import NOON
from simulators.kms import REGION
from simulators.point_in_time import PointInTime
from simulators.template import project_template
from tests.flows.test_import_command import STACK, deploy
from tests.support.members import import_members, member_row
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud
    from tests.support.table import Item

BEFORE = datetime.fromtimestamp(NOON, UTC)
HOUR = timedelta(hours=1)


class Restoring:
    """The tables, their backups, and what was printed."""

    def __init__(self, cloud: Cloud, backups: PointInTime) -> None:
        self.cloud = cloud
        self.backups = backups
        self.members, self.access = cloud.tables["MembersTable"], cloud.tables["AccessTable"]
        self.new = f"{self.members}-restored"
        self.waited: list[float] = []
        self.printed: list[str] = []
        self.tables = RestoredTables(cloud.dynamodb, self.waited.append, self.printed.append)

    def restored(self, moment: datetime | None) -> list[Item]:
        self.tables.restore_members(self.members, self.new, moment)
        found = self.cloud.dynamodb.scan(TableName=self.new)["Items"]
        return [dict(item) for item in found if "postcode" in item]


@pytest.fixture
def restoring(cloud: Cloud) -> Iterator[Restoring]:
    """A member at noon, and another an hour later."""
    with PointInTime(cloud.dynamodb, boto3.client("dynamodb", region_name=REGION)) as backups:
        import_members(cloud, member_row(1))
        backups.keep(cloud.tables["MembersTable"], BEFORE)
        import_members(cloud, member_row(2))
        backups.keep(cloud.tables["MembersTable"], BEFORE + HOUR)
        yield Restoring(cloud, backups)


@pytest.mark.parametrize(("moment", "count"), [(BEFORE + HOUR / 2, 1), (BEFORE + HOUR, 2), (None, 2)])
def test_a_restored_table_has_the_members_of_the_moment(
    restoring: Restoring, moment: datetime | None, count: int
) -> None:
    assert len(restoring.restored(moment)) == count


def test_a_restore_waits_until_the_table_is_there(restoring: Restoring) -> None:
    restoring.restored(None)
    assert restoring.waited
    assert restoring.printed == [f"AWS is preparing {restoring.new}; a restore takes minutes to hours."]


def test_a_moment_that_aws_does_not_keep_is_refused_with_its_reason(restoring: Restoring) -> None:
    with pytest.raises(Unavailable, match="InvalidRestoreTimeException"):
        restoring.restored(BEFORE - HOUR)


def test_a_refusal_of_aws_is_named(restoring: Restoring) -> None:
    restoring.restored(None)
    with (
        failing(restoring.cloud.dynamodb, "UpdateContinuousBackups", "AccessDeniedException"),
        pytest.raises(Unavailable, match="UpdateContinuousBackups: AccessDeniedException"),
    ):
        restoring.tables.protect(restoring.new, restoring.members)
    with (
        failing(restoring.cloud.dynamodb, "DescribeTable", "AccessDeniedException"),
        pytest.raises(Unavailable, match="DescribeTable: AccessDeniedException"),
    ):
        restoring.restored(None)


def test_a_second_restore_of_the_same_name_continues_with_the_table(restoring: Restoring) -> None:
    restoring.restored(None)
    assert len(restoring.restored(None)) == 2


def test_the_protection_that_aws_does_not_copy_is_set(restoring: Restoring) -> None:
    dynamodb = restoring.cloud.dynamodb
    arn = dynamodb.describe_table(TableName=restoring.members)["Table"]["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost-centre", "Value": "7"}])
    restoring.restored(None)
    restoring.tables.protect(restoring.new, restoring.members)
    table = dynamodb.describe_table(TableName=restoring.new)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=restoring.new)["ContinuousBackupsDescription"]
    assert table["DeletionProtectionEnabled"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == [
        {"Key": "cost-centre", "Value": "7"}
    ]


def test_a_table_is_protected_although_the_lost_one_is_gone(restoring: Restoring) -> None:
    restoring.restored(None)
    restoring.tables.protect(restoring.new, "a-table-that-was-deleted")
    assert restoring.cloud.dynamodb.describe_table(TableName=restoring.new)["Table"]["DeletionProtectionEnabled"]


@pytest.mark.parametrize(("version", "raised"), [("0", NOON), (str(NOON - 1), NOON), (str(NOON), NOON + 1)])
def test_every_version_becomes_higher_than_any_before(restoring: Restoring, version: str, raised: int) -> None:
    restoring.cloud.dynamodb.update_item(
        TableName=restoring.members,
        Key={"pk": {"S": "MEMBER#A0000001"}},
        UpdateExpression="SET credential_version = :version",
        ExpressionAttributeValues={":version": {"N": version}},
    )
    assert restoring.tables.raise_versions(restoring.members, Instant(NOON)) == 2
    versions = {
        item["pk"]["S"]: item["credential_version"]["N"] for item in items(restoring.cloud, "MEMBER#", "MembersTable")
    }
    assert versions == {"MEMBER#A0000001": str(raised), "MEMBER#A0000002": str(NOON)}


def test_the_new_access_table_is_that_of_the_template(restoring: Restoring) -> None:
    dynamodb = restoring.cloud.dynamodb
    restoring.tables.create_access_table("new-access")
    new, old = (dynamodb.describe_table(TableName=name)["Table"] for name in ("new-access", restoring.access))
    assert new["KeySchema"] == old["KeySchema"]
    assert [index["IndexName"] for index in new["GlobalSecondaryIndexes"]] == [
        index["IndexName"] for index in old["GlobalSecondaryIndexes"]
    ]
    assert new["DeletionProtectionEnabled"]
    expiry = dynamodb.describe_time_to_live(TableName="new-access")["TimeToLiveDescription"]
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at")


def test_an_access_table_with_items_is_refused(restoring: Restoring) -> None:
    restoring.tables.create_access_table("used-access")
    restoring.cloud.dynamodb.put_item(TableName="used-access", Item={"pk": {"S": "SESSION#1"}})
    with pytest.raises(NotEmpty):
        restoring.tables.create_access_table("used-access")


def test_the_definition_is_read_from_the_template() -> None:
    definition = project_template().tables()["AccessTable"]
    assert definition.create_table.items() <= access_table().items()
    assert time_to_live() == definition.time_to_live


@pytest.fixture
def stack(cloud: Cloud) -> None:
    """A deployed stack."""
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    for found in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=found["StackName"])
    deploy(cloud, MembersTable=cloud.tables["MembersTable"], AccessTable=cloud.tables["AccessTable"])


@pytest.mark.usefixtures("stack")
def test_the_command_prints_the_parameters_to_deploy(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    import_members(cloud, member_row(1))
    assert main(["restore", "--stack", STACK, "--at", "2026-11-23T12:00:00Z"]) == 0
    out = capsys.readouterr().out
    members = f"{STACK}-members-20261123T120000Z"
    assert f'  AdoptedMembersTable = "{members}"\n  AdoptedAccessTable = "{members}-access"\n' in out
    assert f"{members}: 1 credential versions raised." in out
    assert main(["restore", "--stack", STACK, "--at", "2026-11-23T12:00:00Z"]) == 0, "again, after an interruption"


@pytest.mark.usefixtures("stack")
def test_the_table_that_is_in_use_is_never_changed(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    import_members(cloud, member_row(1))
    before = items(cloud, table="MembersTable")
    assert main(["restore", "--stack", STACK, "--restored", cloud.tables["MembersTable"]]) == 1
    assert "uses" in capsys.readouterr().err
    assert items(cloud, table="MembersTable") == before


@pytest.mark.parametrize(
    ("time", "sentence"), [("yesterday", "is no time"), ("2026-11-23T12:00:00", "has no time zone")]
)
def test_a_time_that_cannot_be_read_ends_with_status_2(
    time: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "--stack", STACK, "--at", time]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_stack_ends_with_status_3(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert cloud.tables
    assert main(["restore", "--stack", "another", "--at", "latest"]) == 3
    assert "another" in capsys.readouterr().err
