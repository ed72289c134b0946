"""What the commands about one member have in common: how each fails, and that none acts unrecorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from member_access.sessions.item import sign_ins_key
from simulators.aws_calls import failing
from simulators.kms import REGION
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.front_desk import MEMBER, ROW, STACK, FrontDesk
from tests.support.members import import_members
from tests.support.table import stored_text

if TYPE_CHECKING:
    from simulators.cloud import Cloud

COMMANDS = {
    "show": "BatchGetItem",
    "unlock": "TransactWriteItems",
    "end-sessions": "BatchGetItem",
    "forget-browsers": "BatchGetItem",
    "email-ok": "BatchGetItem",
    "export": "Scan",
    "forget": "TransactWriteItems",
}
"""Each command, with a call that it makes."""
NO_RIGHT = (
    "AWS does not allow {}: AccessDeniedException. "
    "Ask for the stack's OperatorPolicy or DeskPolicy (docs/members.md).\n"
)
NO_RESPONSE = "The stack did not respond as expected: {}: InternalServerError. Run the same command again.\n"
OPTIONS = {"forget": ("--yes",)}
CHANGES = ("end-sessions", "forget-browsers", "unlock")


@pytest.fixture
def desk(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> FrontDesk:
    """The desk of a stack with a member who has signed in."""
    desk = FrontDesk(FrontDoor(cloud), capsys)
    import_members(cloud, ROW)
    desk.door.give_pin(MEMBER)
    assert Browser(desk.door).sign_in(MEMBER).status == 200
    return desk


def sentence(desk: FrontDesk, command: str, identifier: str = MEMBER, stack: str = STACK) -> tuple[int, str]:
    """The exit status of a command, and what it says of its failure."""
    ended = desk.types(command, identifier, *OPTIONS.get(command, ()), stack=stack)
    return ended.status, ended.err


def test_each_failure_is_one_sentence_with_its_exit_status(desk: FrontDesk) -> None:
    before = stored_text(desk.cloud)

    for command, operation in COMMANDS.items():
        assert sentence(desk, command, "B7654321") == (5, "No member has the identifier B7654321.\n"), command
        assert sentence(desk, command, "?") == (2, "an identifier must be six to twelve letters or digits.\n"), command
        status, said = sentence(desk, command, stack="another")
        assert (status, said.startswith("Stack another was not found: ")) == (3, True), command
        with failing(desk.cloud.dynamodb, operation, "AccessDeniedException"):
            assert sentence(desk, command) == (4, NO_RIGHT.format(operation)), command
        with failing(desk.cloud.dynamodb, operation, "InternalServerError"):
            assert sentence(desk, command) == (3, NO_RESPONSE.format(operation)), command

    assert stored_text(desk.cloud) == before


def test_a_command_that_cannot_be_recorded_does_nothing(desk: FrontDesk) -> None:
    desk.logs.delete_log_group(logGroupName=desk.group)
    before = stored_text(desk.cloud)
    with desk.cloud.recorded_calls() as log:
        assert {command: sentence(desk, command)[0] for command in COMMANDS} == dict.fromkeys(COMMANDS, 3)
    assert stored_text(desk.cloud) == before
    # An erasure asks the function first, which reads whether there is such a member.
    assert [call.operation for call in log.calls if call.operation.startswith("dynamodb")] == ["dynamodb:BatchGetItem"]


@pytest.mark.parametrize("command", CHANGES)
def test_two_at_once_end_with_a_sentence_and_no_half_change(desk: FrontDesk, command: str) -> None:
    other = boto3.client("dynamodb", region_name=REGION)

    def write_first(**_: object) -> None:
        other.update_item(
            TableName=desk.cloud.tables["AccessTable"],
            Key={"pk": {"S": sign_ins_key(desk.door.subject(MEMBER))}},
            UpdateExpression="SET revision = revision + :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    events = [f"before-call.dynamodb.{operation}" for operation in ("TransactWriteItems", "UpdateItem")]
    for event in events:
        desk.cloud.dynamodb.meta.events.register_first(event, write_first)
    try:
        status, said = sentence(desk, command)
    finally:
        for event in events:
            desk.cloud.dynamodb.meta.events.unregister(event, write_first)

    assert (status, said.endswith("at the same time. Run the same command again.\n")) == (6, True)
    shown = desk.types("show", MEMBER, "--json").data
    assert (len(shown["sessions"]), len(shown["browsers"])) == (1, 1)
    assert desk.trail()[1]["audit"]["outcome"] == "failed"


def test_ended_sessions_cannot_go_on_by_their_cookies(desk: FrontDesk) -> None:
    browsers = [Browser(desk.door, source=f"198.51.100.{number}") for number in range(2)]
    assert [browser.sign_in(MEMBER).status for browser in browsers] == [200, 200]

    assert desk.types("end-sessions", MEMBER).lines == ["A0000001: 3 sessions ended."]
    assert [browser.refresh().code for browser in browsers] == ["session-expired"] * 2
    assert [browser.sign_in(MEMBER).status for browser in browsers] == [200, 200], "the PIN and the browsers stay"
    assert desk.types("end-sessions", MEMBER).lines == ["A0000001: 2 sessions ended."]
    assert desk.types("end-sessions", MEMBER).lines == ["A0000001: no session ended."]


def test_a_forgotten_browser_counts_as_a_strangers(desk: FrontDesk) -> None:
    browser, stranger = Browser(desk.door), Browser(desk.door, source="198.51.100.7")
    assert browser.sign_in(MEMBER).status == 200
    for _ in range(3):
        stranger.sign_in(MEMBER, "481630")
    assert browser.sign_in(MEMBER).status == 200, "a known browser does not wait for strangers"

    assert desk.types("forget-browsers", MEMBER).lines == ["A0000001: 2 browsers forgotten."]
    assert browser.sign_in(MEMBER).status == 429
    assert browser.refresh().status == 200, "its session goes on"
    assert desk.types("forget-browsers", MEMBER).lines == ["A0000001: no browser forgotten."]
