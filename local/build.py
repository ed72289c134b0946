"""Builds the template by ``sam build`` for this interpreter and processor, only if something changed."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.errors import UnsupportedMachine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.processes import Tools

BRAND_VARIABLE = "BRAND_FOLDER"
"""The variable of the functions' Makefile that names the folder of the brand."""

LOGO = "logo.svg"
"""The file of a brand that is built into a function."""

_BUILT_FROM = ("template.yaml", "layers", "functions")
# Stacks of this number of work tree states can start at once.
_KEPT = 3
_UNFINISHED = "unfinished-"
# A folder of its own, because sam also writes beside it.
_SAM = "sam"
_DEFAULT_ENVIRONMENT = re.compile(r"(?<=\n  Environment:\n)((?:    .*\n)*?    Default: )\w+")


@dataclass(frozen=True)
class Target:
    """The target of a build.

    Attributes:
        runtime: Lambda's name of the Python version.
        architecture: Lambda's name of the processor.
        platform: uv's name of the system for the layer's wheels: Linux in the cloud, but here the functions run on this
            machine's own system.
        engine_glibc: the glibc that argon2's engine for AVX2 may need; without one the layer has the wheel's engine
            alone, since compiling the quicker one takes longer than all sign-ins on a laptop would save.
    """

    runtime: str
    architecture: str
    platform: str
    engine_glibc: str = ""

    @classmethod
    def at_hand(cls) -> Target:
        """Return the target for this interpreter on this machine.

        Raises:
            UnsupportedMachine: Lambda does not support the processor.
        """
        return cls.of(platform.machine(), platform.system(), sys.version_info[:2])

    @classmethod
    def of(cls, machine: str, system: str, python: tuple[int, int]) -> Target:
        """Return the target for a machine by the names of Python's ``platform`` module.

        Raises:
            UnsupportedMachine: Lambda does not support the processor.
        """
        match machine.lower():
            case "x86_64" | "amd64":
                architecture, processor = "x86_64", "x86_64"
            case "arm64" | "aarch64":
                architecture, processor = "arm64", "aarch64"
            case other:
                raise UnsupportedMachine(
                    f"Lambda does not support {other} processors, so the stack cannot run here. "
                    "Use an x86_64 or arm64 machine."
                )
        suffix = "apple-darwin" if system == "Darwin" else "manylinux_2_28"
        return cls(f"python{python[0]}.{python[1]}", architecture, f"{processor}-{suffix}")


def build(project: Path, builds: Path, target: Target, tools: Tools, brand: Path | None = None) -> Path:
    """Build the template, unless the same build exists.

    A build is a folder named by the digest of its sources, and appears complete or not at all: stacks can share builds.

    Args:
        project: the folder of ``template.yaml``.
        builds: the folder of builds.
        target: the target of the build.
        tools: runs ``sam``.
        brand: the folder of the brand; None for the example.

    Returns:
        The built template.

    Raises:
        ToolFailed: the build failed.
        Stopped: someone asked to stop.
    """
    finished = builds / digest(project, target, brand)
    if not finished.exists():
        builds.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=builds) as folder:
            unfinished = Path(folder) / "build"
            _run_sam(project / "template.yaml", unfinished / _SAM, target, tools, brand)
            _make_local(unfinished / _SAM / "template.yaml")
            if not finished.exists():
                unfinished.rename(finished)
    finished.touch()
    _forget_old(builds)
    return finished / _SAM / "template.yaml"


def _run_sam(template: Path, folder: Path, target: Target, tools: Tools, brand: Path | None) -> None:
    tools.run(
        "The build failed",
        ["sam", "build", "--config-env", "local", "--template-file", template, "--build-dir", folder],
        log="build.log",
        variables={
            "LAMBDA_RUNTIME": target.runtime,
            "LAMBDA_ARCHITECTURE": target.architecture,
            "LAMBDA_PLATFORM": target.platform,
            "ARGON2_ENGINE": "avx2" if target.engine_glibc else "wheel",
            **({"ARGON2_GLIBC": target.engine_glibc} if target.engine_glibc else {}),
            BRAND_VARIABLE: str(brand or ""),
        },
    )


def _make_local(template: Path) -> None:
    """Set the default of the parameter Environment to the one of a laptop.

    CloudFormation gives SAM's transform the parameters of a deployment, the local cloud the defaults of the template.
    """
    text = template.read_text(encoding="utf-8")
    template.write_text(_DEFAULT_ENVIRONMENT.sub(r"\1local", text), encoding="utf-8")


def digest(project: Path, target: Target, brand: Path | None = None) -> str:
    """Return a name derived from everything that a build depends on."""
    hashed = hashlib.sha256(repr(target).encode())
    for file in _files(project):
        content = file.read_bytes()
        hashed.update(f"{file.relative_to(project).as_posix()}\0{len(content)}\0".encode())
        hashed.update(content)
    if brand:
        hashed.update((brand / LOGO).read_bytes())
    return hashed.hexdigest()[:16]


def _files(project: Path) -> Iterator[Path]:
    for name in _BUILT_FROM:
        source = project / name
        found = [source] if source.is_file() else sorted(source.rglob("*"))
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def _forget_old(builds: Path) -> None:
    finished = [folder for folder in builds.iterdir() if not folder.name.startswith(_UNFINISHED)]
    finished.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in finished[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
