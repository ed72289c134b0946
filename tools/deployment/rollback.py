"""Goes back to an earlier deployment: the functions by their alias, the portal by its kept files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.deployment.deployed_stack import ALIAS, live_versions
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

    from tools.deployment.history import Deployment


def roll_back_functions(
    stack_name: str, deployment: Deployment, cloudformation: CloudFormationClient, lambda_: LambdaClient
) -> Iterator[str]:
    """Let the versions of a deployment answer again, within seconds: code, layer and settings of each function.

    It can be repeated. The stack itself stays as it is: the next deployment of changed functions goes forward again.

    Yields:
        A line for each function.

    Raises:
        DeployRefused: the deployment knows none of the stack's functions.
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    live = live_versions(stack_name, cloudformation, lambda_)
    if not live.keys() & deployment.versions.keys():
        raise DeployRefused(f"The deployment {deployment.identifier} has no function of the stack {stack_name}.")
    for function, now in live.items():
        before = deployment.versions.get(function)
        if before is None:
            yield f"{function}: stays at version {now}; the deployment did not have it"
        elif before == now:
            yield f"{function}: is at version {now} already"
        else:
            # Without weights, in case a canary was sharing the calls out.
            lambda_.update_alias(
                FunctionName=function,
                Name=ALIAS,
                FunctionVersion=before,
                RoutingConfig={"AdditionalVersionWeights": {}},
            )
            yield f"{function}: version {now} -> {before}"
