"""The frame of every command of operators: options, output, exit statuses, and the audit trail."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import click
import pytest

from member_access.errors import InvalidValue, Unavailable
from member_access.platform.aws import NotAllowed
from member_access.values.types import Identifier
from ops.__main__ import COMMANDS, main
from ops.command import now, run
from ops.desk import ChangedMeanwhile, CommandFailed, Desk, NoSuchMember
from ops.stack import Stack, StackNotFound
from simulators.aws_calls import failing
from simulators.kms import REGION
from simulators.template import ROOT
from tests.flows.test_import_command import STACK, deploy

if TYPE_CHECKING:
    from ops.operator_trail import OperatorTrail
    from simulators.cloud import Cloud

MEMBER = Identifier("A0000001")
NO_RIGHT = (
    "AWS does not allow GetItem: AccessDeniedException. Ask for the stack's OperatorPolicy (docs/operations.md).\n"
)


@pytest.fixture
def desk(cloud: Cloud) -> Desk:
    """The desk of a deployed stack."""
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    for found in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=found["StackName"])
    deploy(cloud)
    return Desk(Stack.describe(boto3.Session(region_name=REGION), STACK), local=False, as_json=False, clock=now)


def trail_of(desk: Desk) -> list[dict[str, Any]]:
    logs = boto3.client("logs", region_name=REGION)
    events = logs.filter_log_events(logGroupName=desk.stack.output("OperatorLogs"))["events"]
    return [json.loads(event["message"]) for event in events]


def test_an_action_is_recorded_with_the_operators_identity_and_the_member(desk: Desk) -> None:
    with desk.action("unlock", MEMBER, limit="PIN") as outcome:
        outcome["failures"] = 3

    begun, done = trail_of(desk)
    assert begun["message"] == done["message"] == "operator.unlock"
    assert begun["audit"] == {
        "outcome": "begun",
        "operator": boto3.client("sts", region_name=REGION).get_caller_identity()["Arn"],
        "member": MEMBER,
        "limit": "PIN",
    }
    assert done["audit"] == {**begun["audit"], "outcome": "done", "failures": 3}


def test_an_action_that_fails_is_recorded_as_failed(desk: Desk) -> None:
    with pytest.raises(NoSuchMember), desk.action("unlock", MEMBER):
        raise NoSuchMember(MEMBER)
    assert [event["audit"]["outcome"] for event in trail_of(desk)] == ["begun", "failed"]


@dataclass(frozen=True)
class Unrecorded(Stack):
    """A stack whose trail cannot be written."""

    code: str = "AccessDeniedException"
    tried: list[str] = field(default_factory=list)

    def operator_trail(self, clock: Any) -> OperatorTrail:  # noqa: ANN401 - as the method that it replaces
        trail = super().operator_trail(clock)
        with failing(trail.logs, "PutLogEvents", self.code):
            trail.record("probe", "begun", None, {})
        raise AssertionError


@pytest.mark.parametrize(
    ("code", "error"), [("AccessDeniedException", NotAllowed), ("ServiceUnavailableException", Unavailable)]
)
def test_an_action_that_cannot_be_recorded_is_not_begun(desk: Desk, code: str, error: type[Exception]) -> None:
    stack = Unrecorded(STACK, desk.stack.outputs, {}, boto3.Session(region_name=REGION), None, code)
    with pytest.raises(error), Desk(stack, local=False, as_json=False, clock=now).action("unlock", MEMBER):
        pytest.fail("the action was begun")


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (CommandFailed("There is nothing to do."), 1, "There is nothing to do.\n"),
        (InvalidValue("an identifier must be A"), 2, "an identifier must be A.\n"),
        (click.UsageError("Choose one."), 2, "Error: Choose one.\n"),
        (StackNotFound("No stack."), 3, "No stack.\n"),
        (
            Unavailable("GetItem: InternalServerError"),
            3,
            "The stack did not respond as expected: GetItem: InternalServerError. Run the same command again.\n",
        ),
        (NotAllowed("GetItem: AccessDeniedException"), 4, NO_RIGHT),
        (NoSuchMember(MEMBER), 5, "No member has the identifier A0000001.\n"),
        (ChangedMeanwhile("Someone else did it."), 6, "Someone else did it.\n"),
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
    ],
)
def test_each_failure_has_its_sentence_and_its_exit_status(
    error: BaseException, status: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command("fail")
    def fail() -> None:
        raise error

    assert run(click.Group(commands=[fail]), ["fail"]) == status
    # click moves to the next line where a terminal shows ^C.
    assert capsys.readouterr().err.lstrip().endswith(sentence)


def test_a_program_gets_json(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    del desk  # it deploys the stack
    assert main(["queues", "--stack", STACK, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"queues": [], "given_up": []}


@pytest.mark.parametrize("options", [[], ["--local", "--stack", STACK]])
def test_one_stack_has_to_be_chosen(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queues", *options]) == 2
    assert "Choose one stack" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(COMMANDS.commands))
def test_every_command_has_help_with_its_exit_statuses(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert name == "completion" or "4 if your AWS identity lacks a right" in shown
    assert COMMANDS.commands[name].get_short_help_str() in main_help(capsys)


def main_help(capsys: pytest.CaptureFixture[str]) -> str:
    main(["--help"])
    return capsys.readouterr().out


def test_bash_completes_commands_and_options() -> None:
    script = """
        eval "$("$1" -m ops completion bash)"; python() { command "$INTERPRETER" "$@"; }
        COMP_WORDS=(ops redr) COMP_CWORD=1; _ops; echo "${COMPREPLY[@]}"
        COMP_WORDS=(ops redrive --dr) COMP_CWORD=2; _ops; echo "${COMPREPLY[@]}"
    """
    ended = subprocess.run(  # noqa: S603 - our own words
        ["bash", "-c", script, "bash", sys.executable],  # noqa: S607 - the user's PATH finds bash
        cwd=ROOT,
        env={"INTERPRETER": sys.executable, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines() == ["redrive", "--dry-run"]
