"""The desk of an insurer: the operator's commands on a mocked AWS, beside the functions that members use."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext

from member_access.values.types import Instant
from ops.__main__ import main
from ops.command import Surroundings
from ops.desk import Desk
from ops.stack import Stack, deployed_stack
from pseudonyms import handler
from simulators.kms import REGION
from simulators.template import project_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from member_access.values.types import Identifier
    from pseudonyms.handler import Answer
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import FrontDoor

STACK = "member-access-test"
_numbers = itertools.count()


@dataclass(frozen=True)
class RehearsedStack(Stack):
    """A stack whose function answers in this process, and whose tables are those of the test."""

    cloud: Cloud = field(kw_only=True)
    door: FrontDoor = field(kw_only=True)

    def pseudonyms(self, identifiers: Sequence[Identifier], browsers: Sequence[str] = ()) -> Answer:
        """Call the function as AWS does: what goes in and out is JSON."""
        environment = self.cloud.environment("PseudonymsFunction")
        answer = handler.compose(replace(self.door.runtime, environment=environment))
        event = json.loads(json.dumps({"identifiers": identifiers, "browsers": browsers}))
        told: Answer = json.loads(json.dumps(answer(event, LambdaContext())))
        return told

    def dynamodb(self) -> Any:  # noqa: ANN401 - as the method that it replaces
        """The client whose calls tests record, and let fail."""
        return self.cloud.dynamodb


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it printed, line by line."""
        return self.out.splitlines()

    @property
    def data(self) -> dict[str, Any]:
        """What it printed as JSON."""
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed


class FrontDesk:
    """Someone at the desk, signed in to the account of a stack."""

    def __init__(self, door: FrontDoor, capture: pytest.CaptureFixture[str]) -> None:
        self.door, self.cloud = door, door.cloud
        self._capture = capture
        self.group = f"operators-{next(_numbers)}"
        self.logs = boto3.client("logs", region_name=REGION)
        self.logs.create_log_group(logGroupName=self.group)
        outputs = {
            **self.cloud.tables,
            "PinKeyArn": self.cloud.keys["PinKey"],
            "PseudonymsFunction": "pseudonyms",
            "OperatorLogs": self.group,
        }
        self.stack = RehearsedStack(
            STACK,
            outputs,
            project_template().parameter_defaults(),
            boto3.Session(region_name=REGION),
            None,
            cloud=self.cloud,
            door=door,
        )
        self.pauses: list[float] = []
        self.around = Surroundings(self._find, self._clock, self.pauses.append)

    @property
    def desk(self) -> Desk:
        """The desk, for functions behind the commands."""
        return Desk(self.stack, local=False, as_json=False, clock=self._clock, pause=self.pauses.append)

    def types(self, *arguments: str, stack: str = STACK) -> Ended:
        """Type a command."""
        status = main([*arguments, "--stack", stack], self.around)
        out, err = self._capture.readouterr()
        return Ended(status, out, err)

    def trail(self) -> list[dict[str, Any]]:
        """The audit trail of operators."""
        events = self.logs.filter_log_events(logGroupName=self.group, endTime=4_000_000_000_000)["events"]
        return [json.loads(event["message"]) for event in events]

    def _find(self, name: str) -> Stack:
        return self.stack if name == STACK else deployed_stack(name)

    def _clock(self) -> Instant:
        return Instant(self.door.clock.time)
