"""Every parameter of the template is sent, and arrives as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.deployment import OWN, TEMPLATES
from tools.deployment.environments import overrides
from tools.deployment.parameters import build_variables, merged, write_parameters
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from pathlib import Path


def test_all_parameters_of_the_template_are_sent() -> None:
    sent = merged(TEMPLATES.both, OWN)

    names = {*TEMPLATES.main.body["Parameters"], *TEMPLATES.edge.body["Parameters"]}
    assert sent.keys() == names
    assert sent == {**TEMPLATES.edge.parameter_defaults(), **TEMPLATES.main.parameter_defaults(), **OWN}


def test_a_parameter_that_the_template_lacks_is_refused() -> None:
    with pytest.raises(DeployRefused, match="No template has the parameter InsurrerName"):
        merged(TEMPLATES.both, {**OWN, "InsurrerName": "Mutuelle"})


def test_a_parameter_without_a_default_must_be_set() -> None:
    with pytest.raises(DeployRefused, match=r"samconfig\.toml must set PublicOrigin"):
        merged(TEMPLATES.both, {})


@pytest.mark.parametrize(
    "value",
    ["a b", "a,b", "é’", 'say "a" and "b"', "it's", "a=b c=d", "", "^[0-9A-Z]{6,12}$", "A: b", "#", "yes", "1e3", "|"],
)
def test_a_value_arrives_as_it_was_written(tmp_path: Path, value: str) -> None:
    argument = write_parameters({"InsurerName": value}, tmp_path / "sent" / "parameters.yaml")

    assert overrides([argument]) == {"InsurerName": value}


@pytest.mark.parametrize("value", ['"all of it"', "'all of it'", r"a\ b", r"a\"b"])
def test_a_value_that_sam_would_change_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(DeployRefused, match="sam would change the value of InsurerName"):
        write_parameters({"InsurerName": value}, tmp_path / "parameters.yaml")


def test_what_is_built_is_what_is_sent() -> None:
    sent = merged(TEMPLATES.both, {**OWN, "Runtime": "python3.14", "Architecture": "x86_64"})

    assert build_variables(sent) == {"LAMBDA_RUNTIME": "python3.14", "LAMBDA_ARCHITECTURE": "x86_64"}


def test_the_default_runtime_is_built_by_name_too() -> None:
    assert build_variables(merged(TEMPLATES.both, {**OWN, "Runtime": "python3.13"}))["LAMBDA_RUNTIME"] == "python3.13"
