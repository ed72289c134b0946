"""Operators who work on the same member, or on the same members, at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from member_access.members.removal import MemberRemoval
from member_access.members.tombstones import TombstoneKeys
from member_access.values.types import Identifier
from ops.__main__ import main
from ops.command import Surroundings
from simulators.buckets import BUCKET
from simulators.kms import REGION
from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor
from simulators.template import project_template
from tests.support.at_once import all_at_once
from tests.support.front_desk import MEMBER, ROW, RehearsedStack
from tests.support.members import import_members, member_row
from tests.support.operator_desk import RecordingTrail, stack_in_process
from tests.support.table import items, stored_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from member_access.values.types import Instant
    from ops.operator_trail import OperatorTrail
    from simulators.cloud import Cloud

UNLOCKED = "A0000001: cleared "
ERASED = "A0000001: erased, "
ERASED_BEFORE = "A0000001: was erased before, nothing was left. "
UNKNOWN = "No member has the identifier A0000001.\n"
IN_BETWEEN = "A0000001: others kept "
OUTCOMES = {UNLOCKED: 0, ERASED: 0, ERASED_BEFORE: 0, UNKNOWN: 5, IN_BETWEEN: 6}
"""What a command about a member may end with, and its exit status."""


@dataclass(frozen=True)
class SharedStack(RehearsedStack):
    """The stack of several operators; the trail is in memory, for DynamoDB Local has no logs."""

    def operator_trail(self, clock: Callable[[], Instant]) -> OperatorTrail:
        """Open a trail that no test reads."""
        return RecordingTrail(boto3.client("logs", region_name=REGION), "operators", "stream", "arn:one", clock)

    def call(self, function: str, request: Mapping[str, object]) -> Any:  # noqa: ANN401 - as the method that it replaces
        """Call a function in this process."""
        return stack_in_process(self.door).call(function, request)


def operator(door: FrontDoor, *arguments: str) -> Callable[[], int]:
    """An operator who is about to type a command."""
    cloud = door.cloud
    outputs = {**cloud.tables, "PinKeyArn": cloud.keys["PinKey"], "ImportBucket": BUCKET}
    session = boto3.Session(region_name=REGION)
    parameters = project_template().parameter_defaults()
    stack = SharedStack("s", outputs, parameters, session, None, cloud=cloud, door=door)
    around = Surroundings(lambda _: stack, cloud.clock, pause=lambda _: None)
    return lambda: main([*arguments, "--stack", "s"], around)


def import_without_the_member(cloud: Cloud) -> Callable[[], int]:
    """An import of a file that lacks the member, and that removes them."""
    keys = TombstoneKeys.from_kms(cloud.kms, cloud.keys["IndexKey"])
    removal = MemberRemoval(cloud.dynamodb, cloud.tables["MembersTable"], keys)
    return lambda: int(removal.remove(Identifier(MEMBER), cloud.clock()) and 0)


def add_busy_member(door: FrontDoor) -> None:
    """Add a member with a session, a known browser, counters, an e-mail and a letter."""
    import_members(door.cloud, ROW)
    door.give_pin(MEMBER)
    browser = Browser(door)
    assert browser.sign_in(MEMBER).status == 200
    assert browser.sign_in(MEMBER, OTHER_PIN).status == 401
    browser.post("/reset", {"identifier": MEMBER})
    Browser(door).post("/reset", {"identifier": MEMBER, "channel": "letter"})


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The sentences with which commands about a member have ended."""
    out, err = capsys.readouterr()
    lines = [*out.splitlines(keepends=True), *err.splitlines(keepends=True)]
    return [next(one for one in OUTCOMES if line.startswith(one)) for line in lines if line.startswith(tuple(OUTCOMES))]


@pytest.mark.parametrize("other", ["forget", "unlock", "import"])
def test_an_erasure_and_another_operator_both_end_with_a_true_sentence(
    cloud: Cloud, rounds: Callable[[int], range], capsys: pytest.CaptureFixture[str], other: str
) -> None:
    door = FrontDoor(cloud)
    others = {
        "forget": lambda: operator(door, "forget", MEMBER, "--yes"),
        "unlock": lambda: operator(door, "unlock", MEMBER),
        "import": lambda: import_without_the_member(cloud),
    }
    for _ in rounds(3):
        add_busy_member(door)
        capsys.readouterr()

        ended = all_at_once([operator(door, "forget", MEMBER, "--yes"), others[other]()])

        sentences = said(capsys)
        assert sorted(OUTCOMES[one] for one in sentences) == sorted(ended[: 1 if other == "import" else 2])
        if ended[0] == 0:
            assert ERASED in sentences or ERASED_BEFORE in sentences
            assert MEMBER not in stored_text(cloud), "nothing of the member comes back"
        for table in cloud.tables:
            for item in items(cloud, table=table):
                cloud.dynamodb.delete_item(TableName=cloud.tables[table], Key={"pk": item["pk"]})


def test_of_two_invitations_each_member_gets_one_and_both_say_how_many(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    door = FrontDoor(cloud)
    import_members(cloud, *(member_row(number) for number in range(12)))
    capsys.readouterr()

    ended = all_at_once([operator(door, "invite", "--send", "--yes") for _ in range(2)])

    out, err = capsys.readouterr()
    sent = [int(line.split()[1]) for line in out.splitlines() if line.startswith("Invited: ")]
    assert sum(sent) == len(items(cloud, "EMAIL#")) == 12
    late = "There is no one to invite: every member has a PIN, an invitation, or no address.\n"
    assert (sorted(ended), err) in (([0, 0], ""), ([0, 1], late))
    assert len(sent) == ended.count(0)
