"""What is deployed, built by ``sam build`` for the interpreter and processor at hand, and only when it changed."""

from __future__ import annotations

import hashlib
import platform
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

_BUILT_FROM = ("template.yaml", "layers", "functions")
# As many stacks of different states of the work tree can be about to start.
_KEPT = 3
_UNFINISHED = "unfinished-"
# sam writes beside its folder too.
_SAM = "sam"


@dataclass(frozen=True)
class Target:
    """What a build is made for.

    Attributes:
        runtime: Lambda's name of the Python version.
        architecture: Lambda's name of the processor.
        platform: uv's name of the system whose wheels the layer takes. In the cloud that is always Linux; here the
            functions run on the laptop itself.
    """

    runtime: str
    architecture: str
    platform: str

    @classmethod
    def at_hand(cls) -> Target:
        """This interpreter, on this machine.

        Raises:
            UnsupportedMachine: for a processor that Lambda does not have.
        """
        return cls.of(platform.machine(), platform.system(), sys.version_info[:2])

    @classmethod
    def of(cls, machine: str, system: str, python: tuple[int, int]) -> Target:
        """A machine by the names that Python's ``platform`` module gives.

        Raises:
            UnsupportedMachine: for a processor that Lambda does not have.
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


def build(project: Path, builds: Path, target: Target, tools: Tools) -> Path:
    """Build the template, unless a build of exactly this is there already.

    A build stands in a folder named by the digest of what it was made from, and appears there complete or not at all:
    several stacks can share the folder.

    Args:
        project: the folder of ``template.yaml``.
        builds: the folder of builds.
        target: what to build for.
        tools: runs ``sam``.

    Returns:
        The built template, to be deployed.

    Raises:
        ToolFailed: the build failed.
        Stopped: someone asked to stop.
    """
    finished = builds / digest(project, target)
    if not finished.exists():
        builds.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=builds) as folder:
            unfinished = Path(folder) / "build"
            _run_sam(project / "template.yaml", unfinished / _SAM, target, tools)
            if not finished.exists():
                unfinished.rename(finished)
    finished.touch()
    _forget_old(builds)
    return finished / _SAM / "template.yaml"


def _run_sam(template: Path, folder: Path, target: Target, tools: Tools) -> None:
    tools.run(
        "The build failed",
        ["sam", "build", "--config-env", "local", "--template-file", template, "--build-dir", folder],
        log="build.log",
        variables={
            "LAMBDA_RUNTIME": target.runtime,
            "LAMBDA_ARCHITECTURE": target.architecture,
            "LAMBDA_PLATFORM": target.platform,
        },
    )


def digest(project: Path, target: Target) -> str:
    """A name for everything that a build depends on."""
    hashed = hashlib.sha256(repr(target).encode())
    for file in _files(project):
        content = file.read_bytes()
        hashed.update(f"{file.relative_to(project).as_posix()}\0{len(content)}\0".encode())
        hashed.update(content)
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
