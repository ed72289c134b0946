"""Going back moves each alias to the version that it had, and can be repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from simulators.sign_in_driver import FrontDoor
from tests.support.deployment import FUNCTIONS, OWN, TEMPLATES, Rehearsal
from tools.deployment.history import Deployment
from tools.deployment.parameters import merged
from tools.deployment.refusals import DeployRefused
from tools.deployment.rollback import go_forward, roll_back_functions

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_cloudformation import CloudFormationClient

    from simulators.cloud import Cloud


class Deployed:
    """A stack of two functions that was deployed twice."""

    def __init__(self, folder: Path, cloud: Cloud) -> None:
        self.rehearsal = Rehearsal(folder, FrontDoor(cloud, {"PublicOrigin": OWN["PublicOrigin"]}))
        sent = merged(TEMPLATES.both, OWN)
        for _ in range(2):
            self.rehearsal.sam.deploy("production", sent)
        names = [f"{self.rehearsal.name}-{function}" for function in FUNCTIONS]
        self.first = Deployment("first", "", {}, dict(zip(names, ("1", "1"), strict=True)))

    def go_back(self, to: Deployment) -> list[str]:
        session = self.rehearsal.session
        name = self.rehearsal.name
        return list(roll_back_functions(name, to, session.client("cloudformation"), session.client("lambda")))


@pytest.fixture
def deployed(cloud: Cloud, tmp_path: Path) -> Deployed:
    return Deployed(tmp_path, cloud)


def test_every_function_goes_back_with_a_line(deployed: Deployed) -> None:
    name, (login, reset) = deployed.rehearsal.name, deployed.rehearsal.live()

    assert deployed.go_back(deployed.first) == [
        f"{name}-login: version {login} -> 1",
        f"{name}-reset: version {reset} -> 1",
    ]
    assert deployed.rehearsal.live() == ["1", "1"]


def test_going_back_again_changes_nothing(deployed: Deployed) -> None:
    deployed.go_back(deployed.first)

    assert all(line.endswith("is at version 1 already") for line in deployed.go_back(deployed.first))


def test_a_function_that_the_deployment_did_not_have_stays(deployed: Deployed) -> None:
    name, (_, reset) = deployed.rehearsal.name, deployed.rehearsal.live()

    lines = deployed.go_back(replace(deployed.first, versions={f"{name}-login": "1"}))

    assert lines[1] == f"{name}-reset: stays at version {reset}; the deployment did not have it"
    assert deployed.rehearsal.live() == ["1", reset]


class Describing:
    """CloudFormation, whose stack has a version of each function, as real stacks have and moto's has not."""

    def __init__(self, functions: dict[str, str]) -> None:
        self._functions = functions

    def get_paginator(self, _: str) -> Describing:
        return self

    def paginate(self, **_: str) -> list[dict[str, list[dict[str, str]]]]:
        prefix = "arn:aws:lambda:eu-west-3:123456789012:function"
        functions = [("AWS::Lambda::Function", name) for name in self._functions]
        versions = [("AWS::Lambda::Version", f"{prefix}:{name}:{number}") for name, number in self._functions.items()]
        found = [{"ResourceType": kind, "PhysicalResourceId": name} for kind, name in functions + versions]
        return [{"StackResourceSummaries": found[:1]}, {"StackResourceSummaries": found[1:]}]


def test_a_deployment_ends_with_the_versions_that_the_stack_describes(deployed: Deployed) -> None:
    name, (login, reset) = deployed.rehearsal.name, deployed.rehearsal.live()
    deployed.go_back(replace(deployed.first, versions={f"{name}-login": "1"}))
    described = cast("CloudFormationClient", Describing({f"{name}-login": login, f"{name}-reset": reset}))

    lines = list(go_forward(name, described, deployed.rehearsal.session.client("lambda")))

    assert lines == [f"{name}-login: version 1 -> {login}"]
    assert deployed.rehearsal.live() == [login, reset]


def test_a_deployment_of_another_stack_is_refused(deployed: Deployed) -> None:
    with pytest.raises(DeployRefused, match="has no function of the stack"):
        deployed.go_back(replace(deployed.first, versions={"other-login": "1"}))
