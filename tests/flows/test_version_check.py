"""A new version serves members only after it has refused what every version refuses.

The rehearsal runs the functions of the API as Lambda would; Lambda and CodeDeploy answer as AWS documents them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from account import handler as account
from canary import check_handler
from canary.version_check import drawn
from identifier import handler as identifier
from letters import notification_handler
from login import handler as login
from member_access.members.store import UNKNOWN_MEMBER
from member_access.values.types import Identifier
from passkeys import handler as passkeys
from reset import handler as reset
from simulators.aws_calls import failing
from simulators.code_deploy import EVENT, FakeCodeDeploy
from simulators.sign_in_driver import FrontDoor
from simulators.template import project_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.platform.runtime import Runtime
    from simulators.cloud import Cloud

FLOWS: dict[str, Callable[[Runtime], Any]] = {
    "AccountFunction": account.compose,
    "LoginFunction": login.compose,
    "ResetFunction": reset.compose,
    "IdentifierFunction": identifier.compose,
    "LetterStatusFunction": notification_handler.compose,
    "PasskeysFunction": passkeys.compose,
}
PROBLEM = {
    "statusCode": 401,
    "multiValueHeaders": {"Content-Type": ["application/problem+json"]},
    "body": '{"status": 401}',
}


class Rehearsal:
    """A deployment of the functions of the API, and the check that CodeDeploy starts before it moves any traffic."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.door = FrontDoor(cloud)
        self.code_deploy = FakeCodeDeploy()
        for name, compose in FLOWS.items():
            environment = cloud.environment(name, {"Argon2MemoryKib": "8", "Argon2Iterations": "1"})
            self.code_deploy.functions[name] = compose(replace(self.door.runtime, environment=environment))
        self.functions = self.code_deploy.lambda_client()
        self._check = check_handler.compose(
            replace(self.door.runtime, environment=cloud.environment("VersionCheckFunction")),
            lambda: self.functions,
            self.code_deploy.deployments,
        )

    def check(self) -> str:
        """Run the check once; its report is also its result."""
        result = self._check(EVENT, LambdaContext())
        ((status, hook),) = self.code_deploy.reports
        self.code_deploy.reports.clear()
        assert hook == {
            "deploymentId": EVENT["DeploymentId"],
            "lifecycleEventHookExecutionId": EVENT["LifecycleEventHookExecutionId"],
        }
        assert status == result
        return status

    def bad(self) -> list[tuple[str, str]]:
        """Which versions were bad, and why."""
        return [(event["function"], event["why"]) for event in self.door.events("version.bad")]


@pytest.fixture
def rehearsal(cloud: Cloud) -> Rehearsal:
    """A deployment in which everything works."""
    return Rehearsal(cloud)


def test_versions_that_work_are_let_through(rehearsal: Rehearsal) -> None:
    assert rehearsal.check() == "Succeeded"
    assert rehearsal.code_deploy.events.keys() == FLOWS.keys()


def test_the_check_passes_before_and_after_the_provider_s_credentials(rehearsal: Rehearsal) -> None:
    assert rehearsal.check() == "Succeeded"
    entry = dict.fromkeys(("client_id", "client_secret", "webhook_login", "webhook_password"), "text")
    rehearsal.cloud.secrets.content = {"maileva": entry}
    rehearsal.door.clock.advance(3600)

    assert rehearsal.check() == "Succeeded"


@pytest.mark.parametrize("function", FLOWS)
def test_a_version_that_does_not_start_keeps_all_from_serving(rehearsal: Rehearsal, function: str) -> None:
    del rehearsal.code_deploy.functions[function]

    assert rehearsal.check() == "Failed"
    assert [why for _, why in rehearsal.bad()] == ["it fails or does not start"]


@pytest.mark.parametrize("status", [200, 403, 500, 503])
def test_a_version_that_answers_otherwise_does_not_serve(rehearsal: Rehearsal, status: int) -> None:
    answer = {**PROBLEM, "statusCode": status, "body": f'{{"status": {status}}}'}
    rehearsal.code_deploy.functions["LoginFunction"] = lambda *_: answer

    assert rehearsal.check() == "Failed"
    assert rehearsal.bad() == [("login", f"it answers {status} instead of 401")]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {**PROBLEM, "body": "<html>"},
        {**PROBLEM, "body": "{}"},
        {**PROBLEM, "multiValueHeaders": {"Content-Type": ["application/json"]}},
    ],
)
def test_an_answer_that_is_no_problem_does_not_count(rehearsal: Rehearsal, answer: object) -> None:
    rehearsal.code_deploy.functions["LoginFunction"] = lambda *_: answer

    assert rehearsal.check() == "Failed"


def test_a_version_without_its_tables_does_not_serve(rehearsal: Rehearsal) -> None:
    with failing(rehearsal.cloud.dynamodb, "BatchGetItem", "AccessDeniedException"):
        assert rehearsal.check() == "Failed"

    assert ("login", "it answers 503 instead of 401") in rehearsal.bad()


def test_the_report_comes_when_lambda_does_not_answer_either(rehearsal: Rehearsal) -> None:
    with failing(rehearsal.functions, "Invoke", "TooManyRequestsException"):
        assert rehearsal.check() == "Failed"


def test_many_deployments_in_a_row_meet_no_limit(rehearsal: Rehearsal) -> None:
    assert [rehearsal.check() for _ in range(12)] == ["Succeeded"] * 12


def test_the_check_guesses_at_no_member(rehearsal: Rehearsal) -> None:
    rehearsal.check()

    assert [event for event in rehearsal.door.events() if event.get("audit", {}).get("who", {}).get("member")] == []


def test_the_nines_of_the_identifier_are_drawn() -> None:
    numbers = iter([0, 255, 17, 9])

    assert drawn("A9B99C9", lambda _: bytes([next(numbers)])) == "A0B57C9"


def test_the_default_identifier_is_one_and_stands_for_no_member() -> None:
    default = project_template().parameter_defaults()["UnknownIdentifier"]

    assert Identifier.parse(default)
    assert default != UNKNOWN_MEMBER
