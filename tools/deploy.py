"""``make deploy ENV=…``: builds and deploys what is committed, to an environment of ``samconfig.toml``."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
# The makefiles of the layer and the functions have the template's defaults for what is not overridden.
_BUILD_VARIABLES = {"Runtime": "LAMBDA_RUNTIME", "Architecture": "LAMBDA_ARCHITECTURE"}


class DeployRefusedError(Exception):
    """The sentence that says what is missing."""


def environments(samconfig: Mapping[str, Any]) -> list[str]:
    """The environments that a configuration of sam deploys to; ``local`` is the laptop's, and make run's."""
    return sorted(name for name in set(samconfig) - {"version", "default", "local"} if "deploy" in samconfig[name])


def build_variables(samconfig: Mapping[str, Any], environment: str) -> dict[str, str]:
    """What the makefiles have to be told, so that they build what the environment's parameters say."""
    overrides = samconfig[environment]["deploy"]["parameters"].get("parameter_overrides", [])
    words = overrides.split() if isinstance(overrides, str) else overrides
    values = dict(word.split("=", 1) for word in words)
    return {
        variable: values[parameter].strip('"')
        for parameter, variable in _BUILD_VARIABLES.items()
        if parameter in values
    }


def check_environment(name: str, known: Sequence[str]) -> None:
    """Refuse an environment that there is not.

    Raises:
        DeployRefusedError: it is missing or unknown.
    """
    if name not in known:
        named = f"There is no environment {name}" if name else "Name the environment"
        raise DeployRefusedError(f"{named}: make deploy ENV={known[0]} (samconfig.toml has {', '.join(known)}).")


def check_committed(root: Path) -> None:
    """Refuse to deploy what no commit says.

    Raises:
        DeployRefusedError: the work tree has changes, or is no clone of a git repository.
    """
    status = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False)
    if status.returncode:
        raise DeployRefusedError("Deploy from a clone of the git repository, so that a commit says what runs.")
    if status.stdout:
        raise DeployRefusedError(
            "The work tree has changes that are not committed (git status shows them): commit them first, "
            "so that a commit says what runs."
        )


def main(arguments: Sequence[str]) -> int:
    """Build and deploy.

    Returns:
        The exit status: 0 when it is deployed, 1 when it was refused, or that of sam when that failed.
    """
    name = arguments[0] if arguments else ""
    samconfig = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    try:
        check_environment(name, environments(samconfig))
        check_committed(ROOT)
    except DeployRefusedError as refused:
        print(refused, file=sys.stderr)
        return 1
    variables = {
        **os.environ,
        **build_variables(samconfig, name),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }
    for action in ("build", "deploy"):
        status = subprocess.run(["sam", action, "--config-env", name], cwd=ROOT, env=variables, check=False)
        if status.returncode:
            return status.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
