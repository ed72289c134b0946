"""The compiled requirements are those of ``pyproject.toml``: a change of one without the other fails here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.utils import canonicalize_name

from simulators.template import ROOT
from tests.support.requirements import group_dependencies, pins, project_dependencies

if TYPE_CHECKING:
    from packaging.requirements import Requirement

LAYER = "layers/common/requirements.txt"
DEVELOPMENT = "requirements/dev.txt"
ASKED_FOR = {
    LAYER: project_dependencies(),
    "layers/common/argon2-build.txt": group_dependencies("argon2-build"),
    DEVELOPMENT: project_dependencies() + group_dependencies("dev"),
    "requirements/local-cloud.txt": group_dependencies("local-cloud"),
    "requirements/cloud-lint.txt": group_dependencies("cloud-lint"),
    "functions/bulk_import/requirements.txt": group_dependencies("bulk_import"),
    "functions/emails/requirements.txt": group_dependencies("emails"),
    "functions/letters/requirements.txt": group_dependencies("letters"),
}


@pytest.mark.parametrize(("file", "asked_for"), ASKED_FOR.items())
def test_pins_are_exactly_what_the_project_asks_for(file: str, asked_for: list[Requirement]) -> None:
    direct = {pin.name for pin in pins(ROOT / file) if pin.is_direct}

    assert direct == {canonicalize_name(requirement.name) for requirement in asked_for}, "run `make lock`"


@pytest.mark.parametrize(("file", "asked_for"), ASKED_FOR.items())
def test_what_is_pinned_is_new_enough(file: str, asked_for: list[Requirement]) -> None:
    wanted = {canonicalize_name(requirement.name): requirement.specifier for requirement in asked_for}
    wrong = [pin for pin in pins(ROOT / file) if pin.is_direct and pin.version not in wanted[pin.name]]

    assert wrong == [], "run `make lock`"


@pytest.mark.parametrize("carried", [file for file in ASKED_FOR if file.endswith("/requirements.txt")])
def test_the_tests_run_on_the_versions_that_lambda_gets(carried: str) -> None:
    tested = {(pin.name, pin.version) for pin in pins(ROOT / DEVELOPMENT)}

    assert [pin for pin in pins(ROOT / carried) if (pin.name, pin.version) not in tested] == []
