"""Every change of a deployment reaches the functions that answer, by new versions that Lambda publishes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from samcli.yamlhelper import yaml_dump, yaml_parse

from simulators.expansion import expanded
from simulators.template import ROOT, project_template
from tools.deployment.stamp import VARIABLE, stamp, stamped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BEFORE = {**project_template().parameter_defaults(), "PublicOrigin": "https://members.mutuelle.fr"}
AFTER = {**BEFORE, "PinFreeAttempts": "4"}


def versions(body: Mapping[str, Any], parameters: Mapping[str, str]) -> set[str]:
    """The published versions that SAM's own translator makes: a new name is a new version."""
    resources = expanded(body, parameters)["Resources"]
    return {name for name, node in resources.items() if node["Type"] == "AWS::Lambda::Version"}


def test_without_the_stamp_sam_keeps_the_old_values_behind_the_alias() -> None:
    body = project_template().body

    assert versions(body, BEFORE) == versions(body, AFTER)


def test_a_changed_parameter_publishes_every_function() -> None:
    before, after = (versions(stamped(project_template().body, sent), sent) for sent in (BEFORE, AFTER))

    assert before & after == set()
    assert len(after) == len(project_template().resources("AWS::Serverless::Function"))


def test_the_same_parameters_publish_nothing_new() -> None:
    first, second = (versions(stamped(project_template().body, sent), sent) for sent in (BEFORE, dict(BEFORE)))

    assert first == second


def digest(body: Mapping[str, Any], attempt: str = "") -> str:
    variables = stamped(body, BEFORE, attempt)["Globals"]["Function"]["Environment"]["Variables"]
    return str(variables[VARIABLE])


@pytest.mark.parametrize(
    ("resource", "name", "value"),
    [
        ("LoginFunction", "Tags", {"cost": "1"}),
        ("LettersFunction", "RecursiveLoop", "Terminate"),
        ("EmailsFunction", "ReservedConcurrentExecutions", 5),
        ("EmailsQueue", "VisibilityTimeout", 720),
    ],
)
def test_what_makes_another_version_changes_what_lambda_compares(resource: str, name: str, value: object) -> None:
    changed = copy.deepcopy(dict(project_template().body))
    changed["Resources"][resource]["Properties"][name] = value

    assert digest(changed) != digest(project_template().body)


def test_another_attempt_changes_what_lambda_compares() -> None:
    assert digest(project_template().body, "2026-11-29") != digest(project_template().body)


@pytest.mark.parametrize("place", ["PinFreeAttempts", "InsurerName"])
def test_the_order_of_parameters_changes_nothing(place: str) -> None:
    other = {place: BEFORE[place], **BEFORE}

    assert stamped(project_template().body, other) == stamped(project_template().body, BEFORE)


def test_the_rest_of_a_built_template_stays_as_it_was(tmp_path: Path) -> None:
    built = tmp_path / "template.yaml"
    body = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))
    built.write_text(yaml_dump(body), encoding="utf-8")

    stamp(built, BEFORE)

    left = yaml_parse(built.read_text("utf-8"))
    assert len(left["Globals"]["Function"]["Environment"]["Variables"].pop(VARIABLE)) == 64
    assert left["Resources"]["Api"]["Properties"].pop("Models").keys() == {"Deployment"}
    assert left == yaml_parse(yaml_dump(body))
