"""Setting up says in one sentence what a machine lacks, and does nothing where nothing changed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "local" / "set_up.sh"

# A stand-in for an interpreter: it knows its version and which modules it has, and no more.
PYTHON = """#!/bin/sh
case "$2" in
*version_info*) test -n "{version}" && echo "{version}" ;;
*ensurepip*) exit {venv_status} ;;
*) exit 99 ;;
esac
"""
UV = """#!/bin/sh
case "$1" in
--version) ;;
*) echo "$@" >> "$0.calls" ;;
esac
"""


class Machine:
    """A clone of the repository, and what stands on the path."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self.path = folder / "bin"
        self.path.mkdir()
        for tool in ("sh", "dirname", "cmp", "cp"):
            found = shutil.which(tool)
            assert found
            (self.path / tool).symlink_to(found)
        self.write("local/set_up.sh", SCRIPT.read_text())
        self.write("requirements/dev.txt", "uv==1\n")
        self.write("requirements/local-cloud.txt", "ministack==1\n")
        self.write("requirements/cloud-lint.txt", "checkov==1\n")

    def write(self, path: str, text: str) -> None:
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def python(self, name: str, version: str, *, has_venv: bool = True) -> Path:
        file = self.path / name
        file.write_text(PYTHON.format(version=version, venv_status=0 if has_venv else 1))
        file.chmod(0o755)
        return file

    def is_set_up(self, version: str) -> None:
        for environment, requirements in ((".venv", "dev"), (".local/cloud", "local-cloud")):
            self.write(f"{environment}/bin/python", PYTHON.format(version=version, venv_status=0))
            self.write(f"{environment}/requirements.txt", (self.clone / f"requirements/{requirements}.txt").read_text())
        self.write(".venv/bin/uv", UV)
        (self.clone / f".venv/lib/python{version}/site-packages").mkdir(parents=True, exist_ok=True)

    def set_up(self, *arguments: str, python: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own script
            [self.path / "sh", self.clone / "local" / "set_up.sh", *arguments],
            env={"PATH": str(self.path), "PYTHON": python},
            capture_output=True,
            text=True,
            check=False,
        )

    def uv_calls(self) -> list[str]:
        calls = self.clone / ".venv/bin/uv.calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def only_sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    assert result.stdout == ""
    (sentence,) = result.stderr.splitlines()
    return sentence


def test_a_machine_without_python_is_reported(machine: Machine) -> None:
    sentence = only_sentence(machine.set_up())

    assert sentence.startswith("Python 3.11 3.12 3.13 3.14 is needed, but python3 is missing. Install one")


def test_a_python_that_is_too_old_is_reported(machine: Machine) -> None:
    machine.python("python3", "3.9")

    assert "is needed, but python3 is 3.9. Install one" in only_sentence(machine.set_up())


def test_a_named_python_that_is_too_old_is_reported(machine: Machine) -> None:
    machine.is_set_up("3.12")
    old = machine.python("old-python", "3.10")

    assert only_sentence(machine.set_up(python=str(old))).startswith(
        f"{old} is Python 3.10, not one of the supported versions"
    )


def test_a_named_python_that_is_missing_is_reported(machine: Machine) -> None:
    sentence = only_sentence(machine.set_up(python="/nowhere/python3"))

    assert sentence.startswith("/nowhere/python3 is not one of the supported versions")


def test_a_python_newer_than_lambda_has_is_reported(machine: Machine) -> None:
    machine.python("python3", "3.15")

    assert "python3 is 3.15" in only_sentence(machine.set_up())


def test_a_python_without_the_module_venv_is_reported(machine: Machine) -> None:
    machine.python("python3", "3.13", has_venv=False)

    assert only_sentence(machine.set_up()).startswith("python3 has no venv module. Install it")


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_any_version_that_lambda_has_does_under_any_name(machine: Machine, version: str) -> None:
    machine.python("python3", "3.9")
    machine.python(f"python{version}", version, has_venv=False)

    assert only_sentence(machine.set_up()).startswith(f"python{version} has no venv module")


def test_where_nothing_changed_nothing_is_done(machine: Machine) -> None:
    machine.is_set_up("3.13")

    result = machine.set_up()

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert machine.uv_calls() == []


def test_changed_requirements_are_installed_once(machine: Machine) -> None:
    machine.is_set_up("3.13")
    machine.write("requirements/dev.txt", "uv==2\n")

    assert machine.set_up().returncode == 0
    assert machine.set_up().returncode == 0
    assert machine.uv_calls() == ["pip sync --quiet --require-hashes --python .venv/bin/python requirements/dev.txt"]


def test_the_local_cloud_has_requirements_of_its_own(machine: Machine) -> None:
    machine.is_set_up("3.13")
    machine.write("requirements/local-cloud.txt", "ministack==2\n")

    assert machine.set_up().returncode == 0
    assert machine.uv_calls() == [
        "pip sync --quiet --require-hashes --python .local/cloud/bin/python requirements/local-cloud.txt"
    ]


def test_checkov_is_installed_on_request_only(machine: Machine) -> None:
    machine.is_set_up("3.13")
    machine.write(".local/cloud-lint/bin/python", PYTHON.format(version="3.13", venv_status=0))

    assert machine.set_up().returncode == 0
    assert machine.uv_calls() == []
    assert machine.set_up("cloud-lint").returncode == 0
    assert machine.uv_calls() == [
        "pip sync --quiet --require-hashes --python .local/cloud-lint/bin/python requirements/cloud-lint.txt"
    ]
