"""``python -m tools.deployment``: what ``make deploy`` and ``make rollback`` run."""

from __future__ import annotations

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError

from local.build import BRAND_VARIABLE
from tools.deployment.deploying import PARTS, Deployer
from tools.deployment.environments import read_environment
from tools.deployment.refusals import DeployRefused
from tools.deployment.sam import Sam
from tools.deployment.web import PlainWeb

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    """Deploy to an environment, or go back to one of its earlier deployments.

    Returns:
        The exit status: 0 if done, 1 if refused, or that of sam if it failed.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.deployment")
    commands = parser.add_subparsers(dest="command", required=True)
    deploy = commands.add_parser("deploy", help="deploy the current commit")
    deploy.add_argument("environment", help="an environment of samconfig.toml")
    deploy.add_argument("--yes", action="store_true", help="do not ask before the change set is executed")
    deploy.add_argument("--parameters", default="", metavar="ID", help="send the parameters of this deployment again")
    back = commands.add_parser("rollback", help="let an earlier deployment answer again")
    back.add_argument("environment", help="an environment of samconfig.toml")
    back.add_argument("version", help="the deployment; any other word lists them")
    back.add_argument("--part", choices=PARTS, help="only this part")
    chosen = parser.parse_args(arguments)
    try:
        deployer = _deployer(chosen.environment, confirmed=chosen.command == "deploy" and chosen.yes)
        if chosen.command == "deploy":
            return deployer.deploy(chosen.parameters)
        deployer.roll_back(chosen.version, [chosen.part] if chosen.part else PARTS)
    except DeployRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _deployer(name: str, *, confirmed: bool) -> Deployer:
    environment = read_environment(_ROOT, name)
    try:
        session = boto3.Session(profile_name=environment.profile, region_name=environment.region)
    except BotoCoreError as error:
        raise DeployRefused(f"The AWS configuration cannot be used: {error}") from error
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return Deployer(
        root=_ROOT,
        environment=environment,
        session=session,
        sam=Sam(_ROOT, {**os.environ, "PATH": path, BRAND_VARIABLE: str(environment.brand or "")}, confirmed=confirmed),
        web=PlainWeb(),
        now=time.time,
        pause=time.sleep,
        # At once, so that the lines keep their order among those of sam.
        say=partial(print, flush=True),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
