"""sam builds and deploys with the parameters that are sent, and a failed build is not deployed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tools.deployment.sam import Sam

if TYPE_CHECKING:
    from pathlib import Path

SAM = """#!/bin/sh
echo "$@" "runtime=$LAMBDA_RUNTIME" "architecture=$LAMBDA_ARCHITECTURE" >> "$CALLS"
mkdir -p .aws-sam/build
built='{Globals: {Function: {Environment: {Variables: {}}}}, Resources: {}}'
test "$1" = deploy || echo "$built" > .aws-sam/build/template.yaml
exit "$STATUS"
"""
PARAMETERS = {"Runtime": "python3.14", "Architecture": "x86_64"}


class FakeSam:
    """A program named sam that notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "sam").write_text(SAM)
        (folder / "sam").chmod(0o755)

    def deploy(self, *, status: int = 0, confirmed: bool = False) -> int:
        return self._sam(status, confirmed=confirmed).deploy("staging", PARAMETERS)

    def deploy_edge(self, *, confirmed: bool = False) -> int:
        return self._sam(0, confirmed=confirmed).deploy_edge("staging", "access-edge", {"AttackMode": "true"})

    def _sam(self, status: int, *, confirmed: bool) -> Sam:
        path = f"{self._folder}{os.pathsep}{os.environ['PATH']}"
        variables = {"PATH": path, "CALLS": str(self._folder / "calls"), "STATUS": str(status)}
        return Sam(self._folder, variables, confirmed=confirmed)

    def calls(self) -> list[str]:
        return (self._folder / "calls").read_text().splitlines()


@pytest.fixture
def sam(tmp_path: Path) -> FakeSam:
    return FakeSam(tmp_path)


def test_what_the_parameters_say_is_built_and_then_deployed(sam: FakeSam, tmp_path: Path) -> None:
    assert sam.deploy() == 0

    said = f"--config-env staging --parameter-overrides file://{tmp_path.resolve()}/.local/parameters-staging.yaml"
    built_for = "runtime=python3.14 architecture=x86_64"
    assert sam.calls() == [f"build {said} {built_for}", f"deploy {said} {built_for}"]


def test_the_functions_that_are_deployed_have_a_digest_of_the_deployment(sam: FakeSam, tmp_path: Path) -> None:
    sam.deploy()

    assert "DEPLOYMENT_DIGEST: " in (tmp_path / ".aws-sam" / "build" / "template.yaml").read_text()


def test_someone_who_has_agreed_is_not_asked(sam: FakeSam) -> None:
    sam.deploy(confirmed=True)

    assert ["--no-confirm-changeset" in call for call in sam.calls()] == [False, True]


def test_a_failed_build_is_not_deployed(sam: FakeSam) -> None:
    assert sam.deploy(status=2) == 2

    assert len(sam.calls()) == 1


@pytest.mark.parametrize(("confirmed", "agreed"), [(False, ""), (True, " --no-confirm-changeset")])
def test_the_edge_is_deployed_to_us_east_1_without_a_bucket(
    sam: FakeSam, tmp_path: Path, confirmed: bool, agreed: str
) -> None:
    assert sam.deploy_edge(confirmed=confirmed) == 0

    file = tmp_path.resolve() / ".local" / "parameters-access-edge.yaml"
    said = f"--config-env staging --parameter-overrides file://{file} --template-file edge.yaml"
    where = "--stack-name access-edge --region us-east-1 --no-resolve-s3 --s3-bucket "
    assert sam.calls() == [f"deploy {said} {where}{agreed} runtime= architecture="]
