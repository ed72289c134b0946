"""What ``pyproject.toml`` asks for, and what the compiled requirements files pin."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from simulators.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# A pin, its hashes, and uv's remark about who asked for it.
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;]+)(?P<remark>.*(?:\n .*)*)", flags=re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    """One line of a compiled requirements file.

    Attributes:
        name: the distribution.
        version: the one version.
        is_direct: whether the project itself asked for it, and not only another distribution.
    """

    name: NormalizedName
    version: Version
    is_direct: bool


def project_dependencies() -> list[Requirement]:
    """What the code needs where it runs: the layer carries it."""
    return [Requirement(line) for line in _pyproject()["project"]["dependencies"]]


def group_dependencies(group: str) -> list[Requirement]:
    """What a group consists of, the groups that it includes (PEP 735) among it."""
    found = []
    for entry in _pyproject()["dependency-groups"][group]:
        found += group_dependencies(entry["include-group"]) if isinstance(entry, dict) else [Requirement(entry)]
    return found


def function_dependencies(function: str) -> list[Requirement]:
    """What a function carries beyond the layer: the group of its name, if there is one."""
    return group_dependencies(function) if function in _pyproject()["dependency-groups"] else []


def pins(file: Path) -> list[Pin]:
    """What a compiled requirements file pins; a distribution stands there twice where markers choose its version."""
    return [
        Pin(
            name=canonicalize_name(match["name"]),
            version=Version(match["version"]),
            is_direct="(pyproject.toml" in match["remark"],
        )
        for match in _PIN.finditer(file.read_text(encoding="utf-8"))
    ]


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
