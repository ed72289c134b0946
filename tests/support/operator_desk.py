"""An operator's desk before the functions in this process: what AWS would do between the command and the function."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import boto3

from letters import sweep_handler
from mailings import handler as mailings
from ops.desk import Desk
from ops.operator_trail import OperatorTrail
from ops.stack import Stack
from simulators.kms import REGION
from simulators.print_providers.fake_http import in_process
from tests.support.event_source import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.platform.runtime import Handler, Runtime
    from member_access.values.types import Instant
    from simulators.clock import Clock
    from simulators.cloud import Cloud
    from tests.support.letter_room import LetterRoom

LOGS = "operators"


class Served(Protocol):
    """What a function is composed from; a front door has it."""

    @property
    def cloud(self) -> Cloud:
        """AWS."""

    @property
    def runtime(self) -> Runtime:
        """The parts of a function."""

    @property
    def clock(self) -> Clock:
        """The time."""


@dataclass(frozen=True)
class RecordingTrail(OperatorTrail):
    """An audit trail in memory."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def record(self, action: str, outcome: str, member: object, facts: Mapping[str, object]) -> None:
        """Keep one event."""
        json.dumps({**facts})
        self.events.append({"action": action, "outcome": outcome, "member": member, **facts})


@dataclass(frozen=True)
class StackInProcess(Stack):
    """A stack whose functions run here, each call through JSON as Lambda passes it."""

    functions: dict[str, Handler] = field(default_factory=dict)
    trail: list[dict[str, Any]] = field(default_factory=list)
    fails: list[BaseException] = field(default_factory=list)
    database: DynamoDBClient | None = None

    def dynamodb(self) -> DynamoDBClient:
        """Return the client of the functions."""
        return self.database or super().dynamodb()

    def call(self, function: str, request: Mapping[str, object]) -> Any:  # noqa: ANN401 - as the method that it replaces
        """Call a function."""
        if self.fails:
            raise self.fails.pop(0)
        return json.loads(json.dumps(self.functions[function](json.loads(json.dumps(request)), Context())))

    def operator_trail(self, clock: Callable[[], Instant]) -> OperatorTrail:
        """Open the trail."""
        logs = boto3.client("logs", region_name=REGION)
        return RecordingTrail(logs, LOGS, "stream", "arn:operator", clock, self.trail)


def stack_in_process(
    door: Served, room: LetterRoom | None = None, parameters: Mapping[str, str] | None = None
) -> StackInProcess:
    """Return a stack with the functions that serve operators."""
    cloud = door.cloud

    def runtime(function: str, **more: str) -> Any:  # noqa: ANN401 - a Runtime
        return replace(door.runtime, environment=cloud.environment(function, {**(parameters or {}), **more}))

    functions: dict[str, Handler] = {"MailingsFunction": mailings.compose(runtime("MailingsFunction"))}
    if room is not None:
        sent = in_process(room.fake)
        functions["LetterSweepFunction"] = sweep_handler.compose(
            runtime("LetterSweepFunction", LetterProvider=room.provider, PingenOrganisation=room.organisation),
            lambda: sent,
        )
    outputs = {"MembersTable": cloud.tables["MembersTable"]}
    session, given = boto3.Session(region_name=REGION), dict(parameters or {})
    return StackInProcess("stack", outputs, given, session, None, functions, database=cloud.dynamodb)


def desk_of(stack: Stack, door: Served, *, as_json: bool = False) -> Desk:
    """Return the desk of a stack."""
    return Desk(stack, local=False, as_json=as_json, clock=door.clock)
