"""Knows what is deployed: state, parameters, outputs, and the versions of the functions that answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

ALIAS = "live"
"""The template's ``AutoPublishAlias``: everything calls the functions through it."""

_TAKEN_BACK = {"UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE"}


@dataclass(frozen=True)
class DeployedStack:
    """A stack as CloudFormation describes it.

    Attributes:
        name: the stack.
        region: where it is.
        status: its state, such as ``UPDATE_COMPLETE``.
        parameters: each parameter, as CloudFormation repeats it: it executes letters outside ASCII rightly, and repeats
            them as ``?`` (cloudformation-coverage-roadmap issue 814).
        outputs: each output.
        descriptions: the descriptions of the outputs.
    """

    name: str
    region: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    descriptions: Mapping[str, str]

    @property
    def was_taken_back(self) -> bool:
        """Whether its latest update failed, and may have left versions of functions that no one uses."""
        return self.status in _TAKEN_BACK

    @classmethod
    def describe(cls, name: str, cloudformation: CloudFormationClient) -> DeployedStack | None:
        """Describe a stack; None if there is none.

        Raises:
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
        """
        try:
            (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        outputs = stack.get("Outputs", [])
        return cls(
            name=name,
            region=cloudformation.meta.region_name,
            status=stack["StackStatus"],
            parameters={one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])},
            outputs={one["OutputKey"]: one["OutputValue"] for one in outputs},
            descriptions={one["OutputKey"]: one.get("Description", "") for one in outputs},
        )


def check_state(stack: DeployedStack) -> None:
    """Reject a state from which CloudFormation takes no update, with the way out.

    Raises:
        DeployRefused: the stack cannot be updated now.
    """
    named = f"--stack-name {stack.name} --region {stack.region}"
    match stack.status:
        case "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "DELETE_FAILED" | "CREATE_FAILED":
            remedy = f"delete it (aws cloudformation delete-stack {named}), then deploy again"
        case "UPDATE_ROLLBACK_FAILED":
            remedy = f"run aws cloudformation continue-update-rollback {named}, then deploy again"
        case status if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
            remedy = "another deployment is under way; wait for its end"
        case _:
            return
    raise DeployRefused(f"The stack {stack.name} is in the state {stack.status}: {remedy}.")


def open_change_sets(name: str, cloudformation: CloudFormationClient) -> set[str]:
    """List the change sets that could be executed, by ARN; none if there is no stack.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    try:
        summaries = cloudformation.list_change_sets(StackName=name)["Summaries"]
    except ClientError as error:
        if "does not exist" in str(error):
            return set()
        raise
    return {one["ChangeSetId"] for one in summaries if one.get("ExecutionStatus") == "AVAILABLE"}


def differences(stack: DeployedStack, sent: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each parameter that the deployment changes.

    Letters outside ASCII are compared as CloudFormation repeats them: a change of such letters alone does not show.
    """
    for name in sorted(stack.parameters.keys() | sent.keys()):
        before, after = stack.parameters.get(name), sent.get(name)
        if before is None:
            yield f"{name}: new, {after!r}"
        elif after is None:
            yield f"{name}: gone, was {before!r}"
        elif not _may_be(before, after):
            yield f"{name}: {before!r} becomes {after!r}"


def _may_be(repeated: str, sent: str) -> bool:
    pattern = "".join(re.escape(letter) if letter.isascii() else r"(?:\?+|" + letter + ")" for letter in sent)
    return bool(re.fullmatch(pattern, repeated))


def live_versions(stack_name: str, cloudformation: CloudFormationClient, lambda_: LambdaClient) -> dict[str, str]:
    """Return the version that answers, by name of the function; functions without the alias are left out.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    functions = sorted(_resources(stack_name, "AWS::Lambda::Function", cloudformation))
    found = {function: lambda_.list_aliases(FunctionName=function)["Aliases"] for function in functions}
    return {
        function: alias["FunctionVersion"]
        for function, aliases in found.items()
        for alias in aliases
        if alias["Name"] == ALIAS
    }


def described_versions(stack_name: str, cloudformation: CloudFormationClient) -> dict[str, str]:
    """Return the version that the stack describes, by name of the function.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    arns = _resources(stack_name, "AWS::Lambda::Version", cloudformation)
    return {arn.split(":")[-2]: arn.split(":")[-1] for arn in arns}


def _resources(stack_name: str, kind: str, cloudformation: CloudFormationClient) -> list[str]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name)
    return [
        resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == kind
    ]
