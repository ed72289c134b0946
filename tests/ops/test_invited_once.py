"""Thousands of invitations by two operators whose commands are killed at random: each member gets one message."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, cast

import pytest
from aws_lambda_powertools import Logger

from member_access.platform.runtime import Runtime
from ops.invitations import Sender, Wave
from ops.invite_command import Choice, NothingToInvite, invite
from simulators.cloud import Cloud, create_keys
from simulators.kms import FakeKms
from tests.flows.test_letter_crashes import Killed
from tests.support.operator_desk import desk_of, stack_in_process
from tests.support.parts import quick_and_slow
from tests.support.tables_in_memory import TablesInMemory

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from simulators.clock import Clock

DAY = 86_400
FEW, MANY = 60, 10_000
MEMBERS, ACCESS = "members", "access"


def add_members(tables: TablesInMemory, number: int) -> None:
    """Members without a PIN, every fifth of them without an e-mail address."""
    for one in range(number):
        key = f"MEMBER#A{one:07}"
        tables.table(MEMBERS)[key] = {
            "pk": {"S": key},
            "identifier": {"S": f"A{one:07}"},
            "credential_version": {"N": "0"},
            **({"email": {"S": f"m{one}@example.fr"}} if one % 5 else {}),
        }


@dataclass(frozen=True)
class Door:
    """What the functions are composed from."""

    cloud: Cloud
    runtime: Runtime
    clock: Clock


class Kills:
    """Ends the operator's process, and with it the function's, at one of the next calls of AWS."""

    def __init__(self, random: Random, most: int) -> None:
        self._random = random
        self._most = most
        self.left = 0
        self.killed = 0

    def plan(self) -> None:
        """Choose the call at which the next process ends, before or after its effect."""
        self.left = self._random.randint(1, self._most)

    def __call__(self) -> None:
        """Count a call down."""
        self.left -= 1
        if self.left == 0:
            self.killed += 1
            raise Killed


@pytest.mark.parametrize("number", quick_and_slow(FEW, MANY))
def test_each_member_gets_one_message_after_any_kill(number: int) -> None:
    random = Random(20_261_130)  # noqa: S311 - a repeatable draw, no secret
    tables, kms = TablesInMemory(), FakeKms().client()
    names = {"MembersTable": MEMBERS, "AccessTable": ACCESS}
    cloud = Cloud(cast("DynamoDBClient", tables), kms, names, create_keys(kms))
    logger = Logger(service="mailings", stream=io.StringIO())
    runtime = Runtime({}, cloud, cloud.clock, logger=logger)
    door = Door(cloud, runtime, cloud.clock)
    emails, letters = number // 2, number // 10
    parameters = {"EmailBudgetADay": str(2 * emails), "LettersADay": str(2 * letters)}
    operators = [stack_in_process(door, parameters=parameters) for _ in range(2)]
    add_members(tables, number)
    kills, days = Kills(random, most=number), 1
    tables.called = cloud.queues.when_sent = kills

    def decided() -> list[str]:
        kinds = ("EMAIL#", "LETTER#")
        return [item["identifier"]["S"] for key, item in tables.table(ACCESS).items() if key.startswith(kinds)]

    while len(decided()) < number:
        kills.plan()
        wave, operator = Wave(at_most=random.randint(1, number), a_second=1000), random.choice(operators)
        try:
            choice = Choice(wave, send=True, agreed=True)
            invite(desk_of(operator, door), choice, Sender(operator, wave, pause=lambda _: None))
        except Killed:
            continue
        except NothingToInvite:
            door.clock.advance(DAY)
            days += 1

    assert Counter(decided()) == {f"A{one:07}": 1 for one in range(number)}
    assert kills.killed > 5
    counted = [item for key, item in tables.table(ACCESS).items() if key.startswith("INVITATIONS#")]
    assert len(counted) == days > 1, "the share of one day is not enough"
    assert all(int(day.get("emails", {"N": "0"})["N"]) <= emails for day in counted)
    assert all(int(day.get("letters", {"N": "0"})["N"]) <= letters for day in counted)
    named = Counter(json.loads(body)["request_id"] for _, body in cloud.queues.sent)
    kept = [key.partition("#")[2] for key in tables.table(ACCESS) if key.startswith(("EMAIL#", "LETTER#"))]
    assert {named[request_id] for request_id in kept} == {1}, "one message for each, and those of kills name nothing"
    kills.left = 0
    with pytest.raises(NothingToInvite):
        invite(desk_of(operators[0], door), Choice(Wave()), Sender(operators[0], Wave()))
