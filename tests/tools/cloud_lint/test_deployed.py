"""The linters get what an insurer deploys: SAM's expansion, the parameters of the shape, and no resource beyond it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from simulators.template import walk
from tools.cloud_lint.deployed import Deployed, deployments


@cache
def shapes() -> dict[str, Deployed]:
    return {one.name: one for one in deployments()}


@cache
def resources(shape: str) -> dict[str, Any]:
    found: dict[str, Any] = shapes()[shape].settled()["Resources"]
    return found


def test_every_template_of_the_project_is_checked() -> None:
    assert sorted(shapes()) == ["edge", "production", "staging", "without-portal"]


@pytest.mark.parametrize("shape", ["production", "without-portal", "staging"])
def test_no_resource_of_sam_is_left(shape: str) -> None:
    kinds = {node["Type"] for node in shapes()[shape].body["Resources"].values()}

    assert "AWS::Lambda::Function" in kinds
    assert [kind for kind in kinds if kind.startswith("AWS::Serverless::")] == []


@pytest.mark.parametrize(
    ("shape", "present", "absent"),
    [
        ("production", {"Portal", "PortalBucket", "CanaryFunction"}, {"ApiDomain"}),
        ("without-portal", {"ApiDomain", "CanaryFunction"}, {"Portal", "PortalBucket"}),
        ("staging", {"Portal", "Firewall"}, {"ApiDomain", "CanaryFunction"}),
        ("edge", {"Firewall", "PortalLogs", "PortalErrors"}, set[str]()),
    ],
)
def test_a_shape_has_the_resources_of_its_parameters(shape: str, present: set[str], absent: set[str]) -> None:
    assert present <= resources(shape).keys()
    assert absent & resources(shape).keys() == set()


@pytest.mark.parametrize(("shape", "pace"), [("production", "Canary10Percent5Minutes"), ("staging", "AllAtOnce")])
def test_sam_expands_with_the_parameters_of_the_shape(shape: str, pace: str) -> None:
    group = resources(shape)["LoginFunctionDeploymentGroup"]["Properties"]

    assert group["DeploymentConfigName"]["Fn::Sub"][1] == {"ConfigName": pace}


@pytest.mark.parametrize("shape", ["production", "without-portal", "staging", "edge"])
def test_nothing_is_left_to_decide(shape: str) -> None:
    settled = shapes()[shape].settled()
    nodes = [node for node in walk(settled) if isinstance(node, dict)]

    assert [node for node in nodes if "Fn::If" in node or node == {"Ref": "AWS::NoValue"}] == []
    assert "Conditions" not in settled
    assert [name for name, node in settled["Resources"].items() if "Condition" in node] == []


def test_a_resource_depends_only_on_those_that_are_made() -> None:
    body = {
        "Parameters": {},
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Absent": {"Type": "AWS::SNS::Topic", "Condition": "Never"},
            "Present": {"Type": "AWS::SNS::Topic"},
            "One": {"Type": "AWS::SQS::Queue", "DependsOn": ["Absent", "Present"]},
            "Other": {"Type": "AWS::SQS::Queue", "DependsOn": "Absent"},
        },
    }

    assert Deployed("example", "eu-west-3", body).settled()["Resources"] == {
        "Present": {"Type": "AWS::SNS::Topic"},
        "One": {"Type": "AWS::SQS::Queue", "DependsOn": ["Present"]},
        "Other": {"Type": "AWS::SQS::Queue"},
    }
