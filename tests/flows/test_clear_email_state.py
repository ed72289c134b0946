"""``python -m ops clear-email-state``, as an operator uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from ops.__main__ import main
from simulators.kms import REGION
from tests.flows.test_import_command import STACK, deploy
from tests.support.members import import_members, member_row, members

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A0000001"


@pytest.fixture(autouse=True)
def stack(cloud: Cloud) -> None:
    """A deployed stack with a member."""
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    for found in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=found["StackName"])
    deploy(cloud)
    import_members(cloud, member_row(1))


def mark(cloud: Cloud, state: str) -> None:
    cloud.dynamodb.update_item(
        TableName=cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{MEMBER}"}},
        UpdateExpression="SET email_state = :state, email_state_at = :at",
        ExpressionAttributeValues={":state": {"S": state}, ":at": {"N": "1800000000"}},
    )


def clear(identifier: str = MEMBER, stack: str = STACK) -> int:
    return main(["clear-email-state", identifier, "--stack", stack])


@pytest.mark.parametrize(("state", "has_list"), [("bounced", True), ("complained", False)])
def test_a_cleared_address_gets_email_again(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], state: str, has_list: bool
) -> None:
    before = members(cloud)[MEMBER]
    mark(cloud, state)
    assert clear("a0000001") == 0
    assert members(cloud)[MEMBER] == before
    out = capsys.readouterr().out
    assert f"{MEMBER}: the address gets e-mail again; it was marked as {state}." in out
    assert ("delete-suppressed-destination" in out) == has_list


@pytest.mark.parametrize(
    ("identifier", "sentence"),
    [(MEMBER, "already gets e-mail"), ("B7654321", "no such member")],
)
def test_nothing_to_clear_ends_with_status_1(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], identifier: str, sentence: str
) -> None:
    before = members(cloud)
    assert clear(identifier) == 1
    assert sentence in capsys.readouterr().err
    assert members(cloud) == before


def test_no_identifier_ends_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert clear("?") == 2
    assert "six to twelve" in capsys.readouterr().err


def test_a_missing_stack_ends_with_status_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert clear(stack="another") == 3
    assert "another" in capsys.readouterr().err
