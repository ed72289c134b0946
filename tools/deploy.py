"""``make deploy ENV=…``: deploys the current commit, portal included, to an environment of ``samconfig.toml``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.publish import NotPublished, publish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The Makefiles of the layer and the functions have the template's defaults.
_BUILD_VARIABLES = {"Runtime": "LAMBDA_RUNTIME", "Architecture": "LAMBDA_ARCHITECTURE"}

# CloudFront uses this very host, and the tokens' issuer contains it; only a local stack has http:// and a port.
_ORIGIN = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+")


class DeployRefused(Exception):
    """The deployment cannot start or finish. The message says what is missing."""


def environments(samconfig: Mapping[str, Any]) -> list[str]:
    """List the environments of a configuration of sam, without ``local``, which belongs to ``make run``."""
    return sorted(name for name in set(samconfig) - {"version", "default", "local"} if "deploy" in samconfig[name])


def template_parameters(samconfig: Mapping[str, Any], environment: str) -> dict[str, str]:
    """Return the template's parameters that an environment sets."""
    overrides = samconfig[environment]["deploy"]["parameters"].get("parameter_overrides", [])
    words = overrides.split() if isinstance(overrides, str) else overrides
    return {name: value.strip('"') for name, value in (word.split("=", 1) for word in words)}


def build_variables(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the Makefiles that follow from an environment's parameters."""
    return {
        variable: parameters[parameter] for parameter, variable in _BUILD_VARIABLES.items() if parameter in parameters
    }


def check_environment(name: str, known: Sequence[str]) -> None:
    """Reject an unknown environment.

    Raises:
        DeployRefused: it is missing or unknown.
    """
    if name not in known:
        named = f"There is no environment {name}" if name else "Name the environment"
        raise DeployRefused(f"{named}: make deploy ENV={known[-1]} (samconfig.toml has {', '.join(known)}).")


def check_origin(environment: str, origin: str) -> None:
    """Reject an origin without HTTPS, or that CloudFront would reject during the deployment.

    Raises:
        DeployRefused: the origin is missing, or is not just ``https://`` and a host name.
    """
    if not _ORIGIN.fullmatch(origin):
        raise DeployRefused(
            f"PublicOrigin must be https:// and a host name in lower case, without a port or a path. For "
            f"{environment}, samconfig.toml says {origin or 'nothing'}."
        )


def check_committed(root: Path) -> None:
    """Refuse to deploy uncommitted changes.

    Raises:
        DeployRefused: the work tree has changes, or is not a clone of a git repository.
    """
    status = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False)
    if status.returncode:
        raise DeployRefused("Deploy from a clone of the git repository, so that a commit identifies what is deployed.")
    if status.stdout:
        raise DeployRefused(
            "The work tree has uncommitted changes (see git status). Commit them first, "
            "so that a commit identifies what is deployed."
        )


def deploy(root: Path, name: str, variables: Mapping[str, str]) -> int:
    """Build and deploy the current commit.

    Args:
        root: the folder of ``samconfig.toml`` and ``template.yaml``.
        name: the environment.
        variables: the environment variables of ``sam``, including AWS credentials.

    Returns:
        The exit status of ``sam``.

    Raises:
        DeployRefused: there is no such environment, its origin cannot be deployed, or something is not committed.
    """
    samconfig = tomllib.loads((root / "samconfig.toml").read_text("utf-8"))
    check_environment(name, environments(samconfig))
    parameters = template_parameters(samconfig, name)
    check_origin(name, parameters.get("PublicOrigin", ""))
    check_committed(root)
    variables = {**variables, **build_variables(parameters)}
    for action in ("build", "deploy"):
        status = subprocess.run(["sam", action, "--config-env", name], cwd=root, env=variables, check=False)
        if status.returncode:
            return status.returncode
    return 0


def publish_portal(root: Path, name: str) -> str:
    """Publish the portal of a deployed environment.

    Returns:
        A sentence about the result.

    Raises:
        DeployRefused: the portal is not published, or not completely; the same command can be run again.
    """
    parameters = tomllib.loads((root / "samconfig.toml").read_text("utf-8"))[name]["deploy"]["parameters"]
    try:
        session = boto3.Session(profile_name=parameters.get("profile"), region_name=parameters.get("region"))
        count = publish(
            root,
            parameters["stack_name"],
            session.client("cloudformation"),
            lambda: (session.client("s3"), session.client("cloudfront")),
        )
    except (BotoCoreError, ClientError, NotPublished) as error:
        raise DeployRefused(
            f"The functions are deployed, but the portal could not be published: {str(error).rstrip('.')}. "
            "Fix this and run the same command again."
        ) from error
    return f"Published the portal: {count} files." if count else "This stack does not host the portal (see HostPortal)."


def main(arguments: Sequence[str]) -> int:
    """Deploy to the named environment, portal included.

    Returns:
        The exit status: 0 if deployed, 1 if refused, or that of sam if it failed.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    root, name = Path(__file__).parents[1], arguments[0] if arguments else ""
    try:
        status = deploy(root, name, {**os.environ, "PATH": path})
        if not status:
            print(publish_portal(root, name))
    except DeployRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
