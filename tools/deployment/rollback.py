"""Moves the aliases of the functions: back to an earlier deployment, or forward to what the stack describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.deployment.deployed_stack import ALIAS, described_versions, live_versions
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

    from tools.deployment.history import Deployment


def roll_back_functions(
    stack_name: str, deployment: Deployment, cloudformation: CloudFormationClient, lambda_: LambdaClient
) -> Iterator[str]:
    """Let the versions of a deployment answer again, within seconds: code, layer and settings of each function.

    It can be repeated. The stack itself stays as it is.

    Yields:
        A line for each function.

    Raises:
        DeployRefused: the deployment knows none of the stack's functions.
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    live = live_versions(stack_name, cloudformation, lambda_)
    if not live.keys() & deployment.versions.keys():
        raise DeployRefused(f"The deployment {deployment.identifier} has no function of the stack {stack_name}.")
    yield from _move(live, deployment.versions, lambda_)


def go_forward(stack_name: str, cloudformation: CloudFormationClient, lambda_: LambdaClient) -> Iterator[str]:
    """Let the versions answer that the stack describes, where a rollback left others in place.

    CloudFormation leaves an alias alone whose version has not changed in the template.

    Yields:
        A line for each function that was at another version.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    described = described_versions(stack_name, cloudformation)
    yield from _move(rolled_back(stack_name, cloudformation, lambda_), described, lambda_)


def rolled_back(stack_name: str, cloudformation: CloudFormationClient, lambda_: LambdaClient) -> dict[str, str]:
    """Return the version that answers, by name of the function, where it is not the one that the stack describes.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    live, described = live_versions(stack_name, cloudformation, lambda_), described_versions(stack_name, cloudformation)
    return {name: version for name, version in live.items() if described.get(name, version) != version}


def _move(live: Mapping[str, str], wanted: Mapping[str, str], lambda_: LambdaClient) -> Iterator[str]:
    for function, now in live.items():
        version = wanted.get(function)
        if version is None:
            yield f"{function}: stays at version {now}; the deployment did not have it"
        elif version == now:
            yield f"{function}: is at version {now} already"
        else:
            # Without weights, in case a canary was sharing the calls out.
            lambda_.update_alias(
                FunctionName=function,
                Name=ALIAS,
                FunctionVersion=version,
                RoutingConfig={"AdditionalVersionWeights": {}},
            )
            yield f"{function}: version {now} -> {version}"
