"""CloudFormation in one account and region: what a creation, an update or a deletion makes, keeps and refuses.

It follows the template reference and the user guide: parameters and rules are checked before anything is created
("Parameters", "Rules"); a name that exists fails the operation, which is then rolled back; ``DeletionPolicy`` and
``UpdateReplacePolicy`` decide what remains ("DeletionPolicy attribute"); a stack whose creation failed can only be
deleted ("Stack status codes"). A table with deletion protection cannot be deleted (DynamoDB developer guide, "Deletion
protection"). Resources are names alone: their properties are resolved, and never applied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, TypeAlias

from simulators.template import PSEUDO_PARAMETERS, Node, Template, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Thing: TypeAlias = tuple[str, str]
"""What exists in an account: a type of CloudFormation and a name."""

NAME_PROPERTIES: Mapping[str, str] = {
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Name",
}
"""The property that gives a resource a name of the template's choice; CloudFormation invents a name without it."""

# SAM retains versions, but they are parts of a function and go with it (Lambda API, "DeleteFunction").
_VERSION = "AWS::Lambda::Version"
_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")
_ARNS = {
    "AWS::DynamoDB::Table": ("dynamodb", "table/"),
    "AWS::KMS::Key": ("kms", "key/"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "secret:"),
}


class Refused(Exception):
    """CloudFormation refuses an operation before it creates or changes anything."""


@dataclass(frozen=True)
class Resource:
    """One resource of a stack."""

    thing: Thing
    deletion_policy: str
    replace_policy: str
    is_protected: bool


@dataclass
class Stack:
    """One stack.

    Attributes:
        name: its name.
        id: its ARN, another one each time it is created.
        status: as ``DescribeStacks`` states it.
        resources: by logical name, in the order of their creation.
        outputs: by name.
        policy: the stack policy; it binds updates alone.
        reason: the resource that failed the latest operation.
    """

    name: str
    id: str
    status: str = "CREATE_IN_PROGRESS"
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    policy: Mapping[str, Node] = field(default_factory=dict)
    reason: str | None = None


class Account:
    """One account in one region.

    Attributes:
        existing: what exists.
        stacks: the stacks that are not deleted.
    """

    def __init__(self, existing: Iterable[Thing] = ()) -> None:
        self.existing = set(existing)
        self.stacks: dict[str, Stack] = {}
        self._names = 0

    def deploy(
        self, name: str, body: Mapping[str, Node], parameters: Mapping[str, str], failing: str | None = None
    ) -> Stack:
        """Create a stack or update it.

        Args:
            name: its name.
            body: the template, as SAM's translator expands it.
            parameters: what differs from the template's defaults.
            failing: the logical name of a resource that AWS fails to create.

        Raises:
            Refused: a parameter or rule does not hold, resources wait for each other, or the stack's creation failed
                before.
        """
        template = Template(body)
        _check(template, parameters)
        stack = self.stacks.get(name)
        if stack and stack.status.startswith("ROLLBACK_"):
            raise Refused(f"Stack {name} is in {stack.status} state and can not be updated")
        is_new, stack = stack is None, stack or self._new(name)
        values = {**parameters, "AWS::StackName": name, "AWS::StackId": stack.id}
        before = dict(stack.resources)
        self.stacks[name] = stack
        physical: dict[str, str] = {}
        made: list[str] = []
        present = _in_order(template, values)
        for logical in before.keys() - set(present):
            _check_policy(stack, "Update:Delete", logical)
        for logical in present:
            resource = self._planned(template, logical, values, physical, before.get(logical))
            if resource != before.get(logical):
                if logical not in before or resource.thing != before[logical].thing:
                    if logical in before:
                        _check_policy(stack, "Update:Replace", logical)
                    if logical == failing or resource.thing in self.existing:
                        self._roll_back(stack, made, before, is_new=is_new, reason=logical)
                        return stack
                    if resource.thing[0] != _VERSION:
                        self.existing.add(resource.thing)
                    made.append(logical)
                stack.resources[logical] = resource
            physical[logical] = resource.thing[1]
        self._clean_up(stack, before, kept=set(present))
        stack.status = "CREATE_COMPLETE" if is_new else "UPDATE_COMPLETE"
        stack.outputs = {
            output: template.resolve(node["Value"], _Values(template, physical), values)
            for output, node in template.body["Outputs"].items()
            if _exists(template, node, values)
        }
        return stack

    def delete(self, name: str) -> None:
        """Delete a stack, and what its policies do not retain."""
        stack = self.stacks.pop(name)
        for resource in stack.resources.values():
            if resource.deletion_policy == "Delete":
                self.existing.discard(resource.thing)

    def _new(self, name: str) -> Stack:
        self._names += 1
        return Stack(name, f"arn:aws:cloudformation:eu-west-3:123456789012:stack/{name}/{self._names:036}")

    def _planned(
        self,
        template: Template,
        logical: str,
        values: Mapping[str, str],
        physical: Mapping[str, str],
        before: Resource | None,
    ) -> Resource:
        node = template.body["Resources"][logical]
        kind = node["Type"]
        properties = template.resolve(node.get("Properties", {}), _Values(template, physical), values)
        name = properties.get(NAME_PROPERTIES.get(kind))
        if name is None and before:
            name = before.thing[1]
        elif name is None:
            self._names += 1
            name = f"{values['AWS::StackName']}-{logical}-{self._names}"
        return Resource(
            (kind, str(name)),
            deletion_policy=node.get("DeletionPolicy", "Delete"),
            replace_policy=node.get("UpdateReplacePolicy", "Delete"),
            is_protected=properties.get("DeletionProtectionEnabled", False),
        )

    def _roll_back(
        self, stack: Stack, made: Iterable[str], before: Mapping[str, Resource], *, is_new: bool, reason: str
    ) -> None:
        undeleted = {}
        for logical in made:
            resource = stack.resources[logical]
            if resource.deletion_policy != "Retain" and resource.is_protected:
                undeleted[logical] = resource
            elif resource.deletion_policy != "Retain":
                self.existing.discard(resource.thing)
        stack.resources = {**before, **(undeleted if is_new else {})}
        stack.reason = reason
        status = "ROLLBACK" if is_new else "UPDATE_ROLLBACK"
        stack.status = f"{status}_{'FAILED' if undeleted and is_new else 'COMPLETE'}"

    def _clean_up(self, stack: Stack, before: Mapping[str, Resource], kept: set[str]) -> None:
        for logical, resource in before.items():
            if logical not in kept:
                del stack.resources[logical]
                policy = resource.deletion_policy
            elif stack.resources[logical].thing != resource.thing:
                policy = resource.replace_policy
            else:
                continue
            if policy == "Delete":
                self.existing.discard(resource.thing)


class _Values(dict[str, str]):
    """The values of ``Ref`` and ``GetAtt`` of the resources that exist already."""

    def __init__(self, template: Template, physical: Mapping[str, str]) -> None:
        super().__init__()
        self._resources, self._physical = template.body["Resources"], physical

    def __missing__(self, key: str) -> str:
        logical, _, attribute = key.partition(".")
        name, kind = self._physical[logical], self._resources[logical]["Type"]
        if kind in _ARNS and attribute in {"Arn", "Id"}:
            service, path = _ARNS[kind]
            account, region = PSEUDO_PARAMETERS["AWS::AccountId"], PSEUDO_PARAMETERS["AWS::Region"]
            return f"arn:aws:{service}:{region}:{account}:{path}{name}"
        return f"{name}.{attribute}" if attribute else name


def _exists(template: Template, node: Node, values: Mapping[str, str]) -> bool:
    return "Condition" not in node or template.holds({"Condition": node["Condition"]}, values)


def _in_order(template: Template, values: Mapping[str, str]) -> list[str]:
    """Return the resources whose condition holds, each after those it names.

    Raises:
        Refused: they wait for each other.
    """
    resources = template.body["Resources"]
    present = [logical for logical, node in resources.items() if _exists(template, node, values)]
    graph = {logical: sorted({*_named_in(resources[logical])} & {*present} - {logical}) for logical in present}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise Refused(f"Circular dependency between resources: {sorted({*error.args[1]})}") from error


def _named_in(node: Node) -> Iterator[str]:
    depends = node.get("DependsOn", [])
    yield from [depends] if isinstance(depends, str) else depends
    for part in walk([node.get("Properties"), node.get("UpdatePolicy")]):
        match part:
            case {"Ref": str() as name} | {"Fn::GetAtt": [str() as name, *_]}:
                yield name
            case {"Fn::Sub": str() as text} | {"Fn::Sub": [str() as text, *_]}:
                yield from _SUBSTITUTED.findall(text)


def _check_policy(stack: Stack, action: str, logical: str) -> None:
    """Refuse what a Deny of the stack policy names (user guide, "Prevent updates to stack resources")."""
    resource = f"LogicalResourceId/{logical}"
    for statement in stack.policy.get("Statement", []):
        if statement["Effect"] == "Deny" and action in statement["Action"] and resource in statement["Resource"]:
            raise Refused(f"Action denied by stack policy: a statement denies [{action}] for resource [{resource}]")


def _check(template: Template, parameters: Mapping[str, str]) -> None:
    """Check parameters and rules, as CloudFormation does before it creates a stack.

    Raises:
        Refused: names what does not hold.
    """
    declared = template.body["Parameters"]
    if unknown := parameters.keys() - declared.keys():
        raise Refused(f"Parameters: {sorted(unknown)} do not exist in the template")
    for name, node in declared.items():
        value = parameters.get(name, node.get("Default"))
        if value is None:
            raise Refused(f"Parameters: [{name}] must have values")
        if not fits(node, str(value)):
            raise Refused(f"Parameter {name} failed to satisfy constraint")
    for rule in template.body["Rules"].values():
        if template.holds(rule["RuleCondition"], parameters):
            for assertion in rule["Assertions"]:
                if not template.holds(assertion["Assert"], parameters):
                    raise Refused(assertion["AssertDescription"])


def fits(parameter: Mapping[str, Node], value: str) -> bool:
    """Return whether CloudFormation accepts a value for a parameter of the template."""
    if "AllowedValues" in parameter:
        return value in map(str, parameter["AllowedValues"])
    if parameter["Type"] == "Number":
        try:
            number = float(value)
        except ValueError:
            return False
        return bool(parameter.get("MinValue", number) <= number <= parameter.get("MaxValue", number))
    return len(value) <= parameter.get("MaxLength", len(value)) and bool(
        re.fullmatch(parameter.get("AllowedPattern", "(?s).*"), value)
    )
