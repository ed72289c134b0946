"""What is built is built once, for the machine at hand."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from samtranslator.yaml_helper import yaml_parse

from local.build import Target, build, digest
from local.errors import ToolFailed, UnsupportedMachine
from local.processes import Tools
from local.stopping import StopRequest
from simulators.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TARGET = Target.of("x86_64", "Linux", (3, 13))

SAM = """#!/bin/sh
while [ "$1" != --build-dir ]; do test "$1" != --template-file || source="$2"; shift; done
test -z "$FAIL" || { echo no wheel; exit 1; }
mkdir -p "$2" && echo "# $LAMBDA_RUNTIME $LAMBDA_ARCHITECTURE $LAMBDA_PLATFORM $ARGON2_ENGINE" > "$2/template.yaml"
cat "$source" >> "$2/template.yaml"
echo "built $BRAND_FOLDER" >> "$CALLS"
"""


class Project:
    """A small project, and a ``sam`` that counts its builds."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.builds = folder / "builds"
        self.calls = folder / "calls"
        self._folder = folder
        self.write("template.yaml", "Resources: {}")
        self.write("layers/common/package.py", "one = 1")
        self.write("functions/login/sign_in.py", "two = 2")
        sam = folder / "bin" / "sam"
        sam.parent.mkdir()
        sam.write_text(SAM)
        sam.chmod(0o755)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def build(self, target: Target = TARGET, *, fail: str = "", brand: Path | None = None) -> Path:
        environment = {
            "PATH": f"{self._folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "CALLS": str(self.calls),
            "FAIL": fail,
        }
        return build(self.root, self.builds, target, Tools(environment, self._folder / "log", StopRequest()), brand)

    def brands(self) -> list[str]:
        """The brand of each build."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return [line.removeprefix("built ") for line in lines]

    def builds_made(self) -> int:
        return len(self.brands())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("machine", "system", "expected"),
    [
        ("x86_64", "Linux", ("x86_64", "x86_64-manylinux_2_28")),
        ("aarch64", "Linux", ("arm64", "aarch64-manylinux_2_28")),
        ("arm64", "Darwin", ("arm64", "aarch64-apple-darwin")),
        ("AMD64", "Darwin", ("x86_64", "x86_64-apple-darwin")),
    ],
)
def test_the_layer_takes_the_wheels_of_the_machine_at_hand(
    machine: str, system: str, expected: tuple[str, str]
) -> None:
    target = Target.of(machine, system, (3, 12))

    assert target == Target("python3.12", *expected)


def test_a_processor_that_lambda_does_not_have_is_reported() -> None:
    with pytest.raises(UnsupportedMachine, match="riscv64"):
        Target.of("riscv64", "Linux", (3, 12))


def test_sam_builds_for_the_machine_at_hand(project: Project) -> None:
    template = project.build()

    assert template.read_text().splitlines()[0] == "# python3.13 x86_64 x86_64-manylinux_2_28 wheel"


def test_the_built_template_is_that_of_a_laptop_by_default(project: Project) -> None:
    text = (ROOT / "template.yaml").read_text("utf-8")
    project.write("template.yaml", text)
    before, built = yaml_parse(text), yaml_parse(project.build().read_text("utf-8"))

    assert before["Parameters"]["Environment"].pop("Default") == "staging"
    assert built["Parameters"]["Environment"].pop("Default") == "local"
    assert built == before


def test_nothing_is_built_twice(project: Project) -> None:
    assert project.build() == project.build()
    assert project.builds_made() == 1


@pytest.mark.parametrize(
    "path", ["template.yaml", "layers/common/package.py", "layers/common/new.py", "functions/login/sign_in.py"]
)
def test_a_change_in_anything_that_is_deployed_is_built(project: Project, path: str) -> None:
    before = project.build()
    project.write(path, "changed: true")

    assert project.build() != before
    assert project.builds_made() == 2


def test_going_back_to_an_earlier_state_needs_no_build(project: Project) -> None:
    first = project.build()
    project.write("template.yaml", "changed")
    project.build()
    project.write("template.yaml", "Resources: {}")

    assert project.build() == first
    assert project.builds_made() == 2


def test_another_version_of_python_needs_a_build(project: Project) -> None:
    project.build()
    project.build(Target.of("x86_64", "Linux", (3, 14)))

    assert project.builds_made() == 2


def test_bytecode_that_python_leaves_behind_changes_nothing(project: Project) -> None:
    before = digest(project.root, TARGET)
    project.write("layers/common/__pycache__/package.cpython-313.pyc", "bytes")

    assert digest(project.root, TARGET) == before


def test_moving_text_from_one_file_to_the_next_is_a_change(project: Project) -> None:
    project.write("functions/a.py", "xy")
    project.write("functions/b.py", "z")
    before = digest(project.root, TARGET)
    project.write("functions/a.py", "x")
    project.write("functions/b.py", "yz")

    assert digest(project.root, TARGET) != before


def test_a_failed_build_leaves_nothing_that_could_be_deployed(project: Project) -> None:
    with pytest.raises(ToolFailed, match=r"The build failed(.|\n)*no wheel"):
        project.build(fail="yes")

    assert list(project.builds.iterdir()) == []
    project.build()
    assert project.builds_made() == 1


def test_old_builds_are_forgotten(project: Project) -> None:
    for number in range(5):
        project.write("template.yaml", str(number))
        newest = project.build()

    assert newest.exists()
    assert len(list(project.builds.iterdir())) == 3


def test_another_logo_of_the_brand_is_built_again(project: Project, tmp_path: Path) -> None:
    brand = tmp_path / "brand"
    brand.mkdir()
    builds = [project.build()]
    for drawing in ("<svg/>", "<svg><path/></svg>", "<svg><path/></svg>"):
        (brand / "logo.svg").write_text(drawing)
        builds.append(project.build(brand=brand))

    assert len(set(builds)) == project.builds_made() == 3
    assert project.brands() == ["", str(brand), str(brand)]


def test_the_logo_of_the_brand_is_built_into_the_letters(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    built = tmp_path / "built"
    built.mkdir()
    for folder, logo in (("", (ROOT / "functions/letters/page/brand/logo.svg").read_text()), (tmp_path, "<svg/>")):
        subprocess.run(  # noqa: S603 - our own words
            [
                *("make", "--silent", "-C", ROOT / "functions", "build-LetterStatusFunction"),
                *(f"ARTIFACTS_DIR={built}", f"LAMBDA_RUNTIME={sys.executable}", f"BRAND_FOLDER={folder}"),
            ],
            check=True,
        )
        assert (built / "letters/page/brand/logo.svg").read_text() == logo
