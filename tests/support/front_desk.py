"""The desk of an insurer: the operator's commands on a mocked AWS, beside the functions that members use."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext

from member_access.outbox.outbox import DELAY_SECONDS
from member_access.values.types import Instant
from ops.__main__ import main
from ops.command import Surroundings, now
from ops.desk import Desk
from ops.stack import Stack, deployed_stack
from pseudonyms import handler
from simulators.authenticator import Authenticator
from simulators.buckets import BUCKET
from simulators.kms import REGION
from simulators.sign_in_driver import OTHER_PIN, Browser
from simulators.template import project_template
from tests.support.codes import last_code
from tests.support.mailroom import Mailroom
from tests.support.members import import_members, member_row
from tests.support.passkeys import add_passkey, bearer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from member_access.values.types import Identifier
    from ops.operator_trail import OperatorTrail
    from pseudonyms.handler import Answer
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import FrontDoor

STACK = "member-access-test"
_WAIT = HTTPStatus.TOO_MANY_REQUESTS
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

    def operator_trail(self, clock: Callable[[], Instant]) -> OperatorTrail:
        """Open the trail by the time of this machine: CloudWatch takes no event of a day to come."""
        del clock
        return super().operator_trail(now)

    def dynamodb(self) -> Any:  # noqa: ANN401 - as the method that it replaces
        """The client whose calls tests record, and let fail."""
        return self.cloud.dynamodb

    def s3(self) -> Any:  # noqa: ANN401 - as the method that it replaces
        """The client of the bucket of loads."""
        return self.cloud.s3


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
    """Someone at the desk, signed in to the account of a stack.

    Args:
        door: the functions that members use.
        capture: what reads the output; None where no test looks at it.
    """

    def __init__(self, door: FrontDoor, capture: pytest.CaptureFixture[str] | None) -> None:
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
            "ImportBucket": BUCKET,
        }
        self.parameters = project_template().parameter_defaults()
        self.stack = RehearsedStack(
            STACK,
            outputs,
            self.parameters,
            boto3.Session(region_name=REGION),
            None,
            cloud=self.cloud,
            door=door,
        )
        self.pauses: list[float] = []
        self.answers: list[str] = []
        self.around = Surroundings(self._find, self._clock, self.pauses.append, lambda _: self.answers.pop(0))

    @property
    def desk(self) -> Desk:
        """The desk, for functions behind the commands."""
        return Desk(self.stack, local=False, as_json=False, clock=self._clock, pause=self.pauses.append)

    def types(self, *arguments: str, stack: str = STACK) -> Ended:
        """Type a command."""
        self._read()
        status = main([*arguments, "--stack", stack], self.around)
        return Ended(status, *self._read())

    def _read(self) -> tuple[str, str]:
        if self._capture is None:
            return "", ""
        out, err = self._capture.readouterr()
        return out, err

    def trail(self) -> list[dict[str, Any]]:
        """The audit trail of operators."""
        events = self.logs.filter_log_events(logGroupName=self.group)["events"]
        return [json.loads(event["message"]) for event in events]

    def disable_pin(self) -> None:
        """Let a stranger guess the member's PIN wrongly ten times, each time as soon as the wait is over."""
        stranger = Browser(self.door, source="198.51.100.9")
        while (reply := stranger.sign_in(MEMBER, OTHER_PIN)).status != HTTPStatus.FORBIDDEN:
            self.door.clock.advance(reply.body.get("retry_after", 0) if reply.status == _WAIT else 0)

    def _find(self, name: str) -> Stack:
        return self.stack if name == STACK else deployed_stack(name)

    def _clock(self) -> Instant:
        return Instant(self.door.clock.time)


MEMBER, EMAIL = "A0000001", "camille.1@example.fr"
ROW = member_row(1)
STRINGS = (MEMBER, EMAIL, "EXEMPLE", "Camille", "1 RUE DE L EXEMPLE", ROW["nir"], ROW["iban"])
"""What a search for the member would look for."""


@dataclass(frozen=True)
class BusyMember:
    """A member of whom every kind of item is held, and their browsers."""

    known: Browser
    stranger: Browser
    code: str


def make_busy(desk: FrontDesk) -> BusyMember:
    """Let a member, and strangers, do everything that leaves an item behind."""
    door, cloud = desk.door, desk.cloud
    import_members(cloud, {**ROW, "email": ""})
    searcher = Browser(door)
    search = {"nir": ROW["nir"], "birth_date": ROW["birth_date"], "postcode": ROW["postcode"]}
    challenge = searcher.post("/identifier", search).body["challenge"]
    assert searcher.post("/identifier/iban", {"challenge": challenge, "iban_last6": "000000"}).status == 401
    import_members(cloud, ROW)
    assert searcher.post("/identifier", search).body["delivery"] == "email"
    door.give_pin(MEMBER)
    known, stranger = Browser(door), Browser(door, source="198.51.100.7")
    headers = bearer(known, MEMBER)
    assert add_passkey(known, Authenticator(), headers, "Clé de Camille").status == 201
    assert known.post("/passkeys/options", headers=headers).status == 200
    assert [known.post("/identifier", search).status for _ in range(2)] == [200, 200], "the second counts for itself"
    assert known.step_up().status == 202
    assert known.sign_in(MEMBER, OTHER_PIN).status == 401
    assert [stranger.sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]
    assert stranger.post("/reset", {"identifier": MEMBER}).status == 202
    code = last_code(cloud, MEMBER)
    assert stranger.post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 200
    assert known.post("/reset", {"identifier": MEMBER}).status == 202
    assert known.post("/reset", {"identifier": MEMBER, "channel": "letter"}).status == 202
    door.clock.advance(DELAY_SECONDS)
    Mailroom(door).emails.deliver()
    return BusyMember(known, stranger, last_code(cloud, MEMBER))
