"""``python -m ops keys``: how many hashes need which key."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import boto3

from member_access.pins.pin_hash import Argon2Cost
from member_access.values.types import Identifier, Pin
from ops.__main__ import main
from ops.keys_command import NO_PIN, Hashes, count_hashes, report
from simulators.kms import REGION
from simulators.sign_in_driver import PIN, FrontDoor
from tests.flows.test_import_command import STACK, deploy
from tests.support.members import import_members, member_row

if TYPE_CHECKING:
    import pytest

    from simulators.cloud import Cloud


def members_with_keys(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    import_members(cloud, member_row(9))
    door.add_member("A0000001")
    door.add_member("A0000002")
    for identifier, hasher in {
        "A0000003": door.hasher(cloud.keys["CodeKey"]),
        "A0000004": door.hasher(cost=Argon2Cost(64, 2, 1)),
    }.items():
        door.add_member(identifier)
        cloud.dynamodb.update_item(
            TableName=cloud.tables["MembersTable"],
            Key={"pk": {"S": f"MEMBER#{identifier}"}},
            UpdateExpression="SET pin_hash = :hash",
            ExpressionAttributeValues={":hash": {"S": hasher.hash(Identifier(identifier), Pin(PIN)).encode()}},
        )


def test_hashes_are_counted_by_key_and_cost(cloud: Cloud) -> None:
    members_with_keys(cloud)
    present, former = cloud.keys["PinKey"], cloud.keys["CodeKey"]
    assert count_hashes(cloud.dynamodb, cloud.tables["MembersTable"]).counts == {
        (present, "m=8,t=1,p=1"): 2,
        (present, "m=64,t=2,p=1"): 1,
        (former, "m=8,t=1,p=1"): 1,
        NO_PIN: 1,
    }


def hashes(**members: tuple[int, int]) -> Hashes:
    """Counts by the letter of a key, each with the highest credential version."""
    counts = {(f"arn:{key}", "m=1"): count for key, (count, _) in members.items()}
    return Hashes(Counter(counts), {(f"arn:{key}", "m=1"): version for key, (_, version) in members.items()})


def test_former_keys_can_go_when_no_one_needs_them_or_all_may_reset() -> None:
    found = hashes(b=(1200, 1_795_413_600), a=(3, 1_764_547_200))
    found.counts[NO_PIN] = 40
    assert report(found, "arn:b").splitlines() == [
        "1,200  m=1  arn:b (present key)",
        "    3  m=1  arn:a (former key)",
        "   40  no PIN yet",
        "3 members need a former key until they sign in or reset their PIN.",
        "None of them has signed in since the present key serves; the latest of their PINs is of 2025-12-01.",
        "A former key can go once they may reset their PIN by a code: without it they must.",
    ]


def test_a_table_without_former_keys_is_reported_so() -> None:
    assert report(hashes(b=(1, 1)), "arn:b").endswith("No hash needs a former key: all former keys can go.")


def test_the_command_counts_the_hashes_of_a_stack(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    for found in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=found["StackName"])
    deploy(cloud, MembersTable=cloud.tables["MembersTable"], PinKeyArn=cloud.keys["PinKey"])
    members_with_keys(cloud)
    assert main(["keys", "--stack", STACK]) == 0
    assert "1 members need a former key" in capsys.readouterr().out
    assert main(["keys", "--stack", "another"]) == 3
