"""The two stacks of an environment: the main one, and the one of the edge in us-east-1, where AWS wants it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulators.template import Template
from tools.deployment.deployed_stack import DeployedStack, check_state, differences, open_change_sets
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mypy_boto3_cloudformation import CloudFormationClient


EDGE_REGION = "us-east-1"
"""CloudFront takes firewalls and log deliveries from here alone, and reports its metrics here alone."""
FIREWALL, DISTRIBUTION = PASSED_ON = ("PortalFirewallArn", "PortalDistribution")
"""The parameters by which each stack learns what the other one has made."""
_DATA = {"AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret"}


def edge_name(stack_name: str) -> str:
    """Return the name of the stack of the edge beside a main stack."""
    return f"{stack_name}-edge"


def stack_policy(template: Template) -> str | None:
    """Return a stack policy under which no update replaces or removes what holds data; None if nothing does.

    Source: AWS CloudFormation user guide, "Prevent updates to stack resources".

    Args:
        template: its tables, keys and secrets count, except those that it gives up without regret.
    """
    data = sorted(
        name
        for name, node in template.body["Resources"].items()
        if node["Type"] in _DATA and node.get("UpdateReplacePolicy") == "Retain"
    )
    if not data:
        return None
    everyone = {"Principal": "*"}
    allowed = {"Effect": "Allow", "Action": "Update:*", "Resource": "*", **everyone}
    denied = {"Effect": "Deny", "Action": ["Update:Delete", "Update:Replace"], **everyone}
    resources = [f"LogicalResourceId/{name}" for name in data]
    return json.dumps({"Statement": [allowed, {**denied, "Resource": resources}]})


@dataclass(frozen=True)
class Templates:
    """The templates of the two stacks."""

    main: Template
    edge: Template

    @classmethod
    def read(cls, root: Path) -> Templates:
        """Read them from the folder of a clone."""
        return cls(Template.read(root / "template.yaml"), Template.read(root / "edge.yaml"))

    @property
    def both(self) -> Template:
        """A template with the parameters of both; those with the same name have the same value."""
        parameters = {**self.edge.body["Parameters"], **self.main.body["Parameters"]}
        return Template({**self.main.body, "Parameters": parameters})


@dataclass(frozen=True)
class Stack:
    """A stack to create or to update.

    Attributes:
        name: of the stack.
        template: decides which parameters it gets.
        cloudformation: in the region of the stack.
        send: lets sam deploy these parameters, and returns its exit status.
        say: prints a line.
    """

    name: str
    template: Template
    cloudformation: CloudFormationClient
    send: Callable[[Mapping[str, str]], int]
    say: Callable[[str], None]

    def describe(self) -> DeployedStack | None:
        """Describe it as it is; None if there is none yet.

        Raises:
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
        """
        return DeployedStack.describe(self.name, self.cloudformation)

    def updatable(self) -> DeployedStack | None:
        """Describe it as ``describe`` does, if it can be updated.

        Raises:
            DeployRefused: CloudFormation takes no update now.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
        """
        if stack := self.describe():
            check_state(stack)
        return stack

    def made(self) -> DeployedStack:
        """Describe it as ``describe`` does.

        Raises:
            DeployRefused: there is none.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
        """
        if stack := self.describe():
            return stack
        raise DeployRefused(f"There is no stack {self.name}.")

    def update(self, parameters: Mapping[str, str]) -> int:
        """Show which parameters change, and create or update the stack.

        Args:
            parameters: at least those of its template.

        Returns:
            The exit status of sam: 0 if the stack is as the template and the parameters say.

        Raises:
            DeployRefused: someone declined the change set.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
        """
        own = {name: parameters[name] for name in self.template.body["Parameters"]}
        if before := self.describe():
            changes = list(differences(before, own))
            title = f"Parameters that change in {self.name}:"
            self.say("\n  ".join([title, *changes]) if changes else f"No parameter changes in {self.name}.")
        else:
            self.say(f"There is no stack {self.name} yet: this deployment creates it.")
        declined_before = open_change_sets(self.name, self.cloudformation)
        status = self.send(own)
        # sam succeeds too when someone declines the change set.
        if not status and open_change_sets(self.name, self.cloudformation) - declined_before:
            raise DeployRefused(f"The change set was not executed: {self.name} is as it was.")
        return status

    def protect(self) -> None:
        """Let CloudFormation refuse to delete it, and to replace or remove what holds its data.

        Raises:
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
        """
        self.cloudformation.update_termination_protection(StackName=self.name, EnableTerminationProtection=True)
        if policy := stack_policy(self.template):
            self.cloudformation.set_stack_policy(StackName=self.name, StackPolicyBody=policy)
