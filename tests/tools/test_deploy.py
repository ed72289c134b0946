"""``make deploy`` deploys what a commit says, to an environment that there is, and refuses everything else."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools.deploy import DeployRefused, deploy

if TYPE_CHECKING:
    from pathlib import Path

SAMCONFIG = """
version = 0.1
[default.validate.parameters]
lint = true
[local.deploy.parameters]
capabilities = "CAPABILITY_IAM"
[production.deploy.parameters]
parameter_overrides = ["Environment=production", "PublicOrigin=https://members.example", "Runtime=python3.14"]
[staging.deploy.parameters]
parameter_overrides = "Environment=staging PublicOrigin=https://staging.members.example Architecture=x86_64"
"""
SAM = """#!/bin/sh
echo "$@" "runtime=$LAMBDA_RUNTIME" "architecture=$LAMBDA_ARCHITECTURE" >> "$CALLS"
exit "$STATUS"
"""


class Clone:
    """A clone of a repository in which everything is committed, and a ``sam`` that prints how it was called."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        self.root.mkdir()
        (self.root / "samconfig.toml").write_text(SAMCONFIG)
        self._calls = folder / "calls"
        self._sam = folder / "bin" / "sam"
        self._sam.parent.mkdir()
        self._sam.write_text(SAM)
        self._sam.chmod(0o755)
        for command in (
            ("init",),
            ("add", "."),
            ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", "All"),
        ):
            subprocess.run(["git", *command], cwd=self.root, check=True, capture_output=True)  # noqa: S603, S607 - our own words

    def deploy(self, name: str, status: int = 0) -> int:
        path = f"{self._sam.parent}{os.pathsep}{os.environ['PATH']}"
        return deploy(self.root, name, {"PATH": path, "CALLS": str(self._calls), "STATUS": str(status)})

    def sam_calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_what_the_parameters_say_is_built_and_then_deployed(clone: Clone) -> None:
    assert clone.deploy("production") == 0

    assert clone.sam_calls() == [
        "build --config-env production runtime=python3.14 architecture=",
        "deploy --config-env production runtime=python3.14 architecture=",
    ]


def test_parameters_may_stand_in_one_text(clone: Clone) -> None:
    clone.deploy("staging")

    assert clone.sam_calls()[0] == "build --config-env staging runtime= architecture=x86_64"


def test_no_environment_is_asked_for(clone: Clone) -> None:
    with pytest.raises(
        DeployRefused,
        match=r"Name the environment: make deploy ENV=staging \(samconfig.toml has production, staging\)",
    ):
        clone.deploy("")


@pytest.mark.parametrize("name", ["prod", "local", "default", "version"])
def test_an_environment_that_there_is_not_is_refused(clone: Clone, name: str) -> None:
    with pytest.raises(DeployRefused, match=f"There is no environment {name}"):
        clone.deploy(name)

    assert clone.sam_calls() == []


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("PublicOrigin=http://members.example", "http://members.example"),
        ("PublicOrigin=https://members.example:8443", "https://members.example:8443"),
        ("PublicOrigin=https://members.example/", "https://members.example/"),
        ("PublicOrigin=https://Members.example", "https://Members.example"),
        ("PublicOrigin=https://localhost", "https://localhost"),
        ("PublicOrigin=members.example", "members.example"),
        ("PublicOrigin=", "nothing"),
        ("Runtime=python3.13", "nothing"),
    ],
)
def test_an_origin_that_is_not_https_and_a_host_is_refused_before_sam_runs(
    clone: Clone, origin: str, said: str
) -> None:
    (clone.root / "samconfig.toml").write_text(SAMCONFIG.replace("PublicOrigin=https://members.example", origin))

    with pytest.raises(DeployRefused, match="PublicOrigin must be https://") as refused:
        clone.deploy("production")

    assert str(refused.value).endswith(f"For production, samconfig.toml says {said}.")
    assert clone.sam_calls() == []


@pytest.mark.parametrize("path", ["samconfig.toml", "new.txt"])
def test_what_is_not_committed_is_not_deployed(clone: Clone, path: str) -> None:
    (clone.root / path).write_text(SAMCONFIG + "\n")

    with pytest.raises(DeployRefused, match="uncommitted changes"):
        clone.deploy("staging")

    assert clone.sam_calls() == []


def test_what_is_no_repository_is_not_deployed(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text(SAMCONFIG)

    with pytest.raises(DeployRefused, match="clone of the git repository"):
        deploy(tmp_path, "staging", {})


def test_a_failed_build_is_not_deployed(clone: Clone) -> None:
    assert clone.deploy("staging", status=2) == 2

    assert len(clone.sam_calls()) == 1
