"""A change of parameters alone reaches the functions that answer, by new versions behind their aliases."""

from __future__ import annotations

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
    assert left == yaml_parse(yaml_dump(body))
