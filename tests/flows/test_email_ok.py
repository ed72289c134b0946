"""``python -m ops email-ok``, as an operator uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from member_access.values.types import Identifier
from ops.__main__ import main
from ops.clear_email_state import clear_email_state
from simulators.kms import REGION
from simulators.ses import SuppressionList
from tests.flows.test_import_command import STACK, deploy
from tests.support.members import import_members, member_row, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud

MEMBER = "A0000001"
ADDRESS = member_row(1)["email"]


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
    return main(["email-ok", identifier, "--stack", stack])


@pytest.fixture
def suppressed() -> Iterator[SuppressionList]:
    """The list of Amazon SES."""
    suppressed = SuppressionList()
    with suppressed.answering():
        yield suppressed


@pytest.mark.parametrize("state", ["bounced", "complained"])
def test_a_cleared_address_gets_email_again(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], suppressed: SuppressionList, state: str
) -> None:
    before = members(cloud)[MEMBER]
    suppressed.addresses = {ADDRESS}
    mark(cloud, state)
    assert clear("a0000001") == 0
    assert members(cloud)[MEMBER] == before
    assert f"{MEMBER}: the address gets e-mail again; it was marked as {state}." in capsys.readouterr().out
    assert suppressed.addresses == (set() if state == "bounced" else {ADDRESS}), "Amazon SES keeps no complaints"


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        ({ADDRESS}, "has removed it"),
        (set(), "does not have the address"),
        (None, "delete-suppressed-destination --email-address ADDRESS"),
    ],
)
def test_an_operator_reads_what_became_of_the_list_of_ses(
    cloud: Cloud,
    capsys: pytest.CaptureFixture[str],
    suppressed: SuppressionList,
    listed: set[str] | None,
    sentence: str,
) -> None:
    suppressed.forbidden = listed is None
    suppressed.addresses = set(listed or ())
    mark(cloud, "bounced")
    assert clear() == 0
    out = capsys.readouterr().out
    assert sentence in out
    assert ADDRESS not in out


@pytest.mark.parametrize(
    ("identifier", "status", "sentence"),
    [
        (MEMBER, 1, "A0000001: no address is marked. `show` says whether there is one, and what was sent.\n"),
        ("B7654321", 5, "No member has the identifier B7654321.\n"),
    ],
)
def test_nothing_to_clear_changes_nothing(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], identifier: str, status: int, sentence: str
) -> None:
    before = members(cloud)
    assert clear(identifier) == status
    assert capsys.readouterr().err == sentence
    assert members(cloud) == before


def test_no_identifier_ends_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert clear("?") == 2
    assert "six to twelve" in capsys.readouterr().err


def test_a_missing_stack_ends_with_status_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert clear(stack="another") == 3
    assert "another" in capsys.readouterr().err


def test_a_bounce_of_another_address_stays_marked(cloud: Cloud) -> None:
    mark(cloud, "bounced")

    def bounce_again(**_: object) -> None:
        cloud.dynamodb.update_item(
            TableName=cloud.tables["MembersTable"],
            Key={"pk": {"S": f"MEMBER#{MEMBER}"}},
            UpdateExpression="SET email = :other, email_state_at = :at",
            ExpressionAttributeValues={":other": {"S": "other@example.fr"}, ":at": {"N": "1800000060"}},
        )

    client = boto3.client("dynamodb", region_name=REGION)
    client.meta.events.register_first("before-call.dynamodb.UpdateItem", bounce_again)
    assert clear_email_state(client, cloud.tables["MembersTable"], Identifier(MEMBER)) is None
    assert members(cloud)[MEMBER]["email_state"] == "bounced"
