"""Reads ``template.yaml``, so that tests use the deployed tables, keys and settings.

It resolves the intrinsic functions that the template uses. An unknown function, or a resource without a value from the
caller, is an error and never an empty string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from simulators.template_yaml import parse_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_kms.literals import KeySpecType, KeyUsageTypeType

ROOT = Path(__file__).parents[1]

Node: TypeAlias = Any
"""A part of the parsed template: YAML has no narrower type."""

PSEUDO_PARAMETERS: Mapping[str, str] = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-3",
    "AWS::StackId": "arn:aws:cloudformation:eu-west-3:123456789012:stack/test/01234567-89ab-cdef-0123-456789abcdef",
    "AWS::StackName": "test",
    "AWS::URLSuffix": "amazonaws.com",
}

_SUBSTITUTION = re.compile(r"\$\{([^!][^}]*)\}")


class UnreadableTemplate(Exception):
    """The template has an element that this reader does not support, or lacks one that the caller requested."""


class LogicalNames(dict[str, str]):
    """Resources that are not deployed: the value of ``MembersTable.Arn`` is its own name."""

    def __missing__(self, key: str) -> str:
        return key


class _Absent:
    """The value of ``AWS::NoValue``, which removes its entry."""


_ABSENT = _Absent()


@dataclass(frozen=True)
class TableDefinition:
    """One DynamoDB table: the arguments of ``create_table`` without its name, and its time to live."""

    create_table: Mapping[str, Node]
    time_to_live: Mapping[str, Node] | None


@dataclass(frozen=True)
class KeyDefinition:
    """One KMS key."""

    spec: KeySpecType
    usage: KeyUsageTypeType


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Node]


@dataclass(frozen=True, order=True)
class ApiEvent:
    """One path and method of the API, and the function behind it."""

    path: str
    method: str
    function: str


class Template:
    """A parsed SAM template.

    The ``parameters`` of a method replace the template's defaults. Its ``resources`` are the values of deployed
    resources: ``{"AccessTable": <value of Ref>, "PinKey.Arn": <value of GetAtt>}``.
    """

    def __init__(self, body: Mapping[str, Node]) -> None:
        self.body = body

    @classmethod
    def read(cls, path: Path = ROOT / "template.yaml") -> Template:
        """Parse a template."""
        return cls(parse_template(path.read_text(encoding="utf-8")))

    def resources(self, kind: str) -> dict[str, Node]:
        """Return all resources of a CloudFormation type, by logical name."""
        return {name: node for name, node in self.body["Resources"].items() if node["Type"] == kind}

    def parameter_defaults(self) -> dict[str, str]:
        """Return the default of every parameter that has one, as text."""
        return {name: str(node["Default"]) for name, node in self.body["Parameters"].items() if "Default" in node}

    def tables(self) -> dict[str, TableDefinition]:
        """Return the DynamoDB tables by logical name."""
        arguments = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
        found = {}
        for name, node in self.resources("AWS::DynamoDB::Table").items():
            properties = node["Properties"]
            found[name] = TableDefinition(
                create_table={key: properties[key] for key in arguments if key in properties},
                time_to_live=properties.get("TimeToLiveSpecification"),
            )
        return found

    def keys(self) -> dict[str, KeyDefinition]:
        """Return the KMS keys by logical name, without those that exist only in AWS: no function uses these."""
        return {
            name: KeyDefinition(spec=node["Properties"]["KeySpec"], usage=node["Properties"]["KeyUsage"])
            for name, node in self.resources("AWS::KMS::Key").items()
            if node.get("Condition") != "InCloud"
        }

    def function_environment(
        self, function: str, resources: Mapping[str, str], parameters: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return a function's environment variables: the template's globals and its own."""
        shared = self.body.get("Globals", {}).get("Function", {})
        own = self.resources("AWS::Serverless::Function")[function]["Properties"]
        variables: dict[str, str] = {}
        for properties in (shared, own):
            nodes = properties.get("Environment", {}).get("Variables", {})
            resolved = self.resolve(nodes, resources, parameters)
            variables |= {name: str(value) for name, value in resolved.items()}
        return variables

    def role_of(self, function: str) -> str:
        """Return the logical name of a function's role.

        Raises:
            UnreadableTemplate: the function has none, so that SAM would create one.
        """
        match self.resources("AWS::Serverless::Function")[function]["Properties"].get("Role"):
            case {"Fn::GetAtt": [str() as role, "Arn"]}:
                return role
            case other:
                raise UnreadableTemplate(f"{function} has no role of this template: {other}")

    def role_statements(
        self,
        role: str,
        resources: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> list[Statement]:
        """Return the statements of a role. Without ``resources`` an ARN reads ``MembersTable.Arn``."""
        policies = self.resources("AWS::IAM::Role")[role]["Properties"].get("Policies", [])
        known = LogicalNames() if resources is None else resources
        return [
            statement
            for policy in self.resolve(policies, known, parameters)
            for statement in _statements(policy["PolicyDocument"])
        ]

    def managed_policy_statements(
        self, policy: str, resources: Mapping[str, str] | None = None, parameters: Mapping[str, str] | None = None
    ) -> list[Statement]:
        """Return the statements of a managed policy. Without ``resources`` an ARN reads ``MembersTable.Arn``."""
        document = self.resources("AWS::IAM::ManagedPolicy")[policy]["Properties"]["PolicyDocument"]
        return _statements(self.resolve(document, LogicalNames() if resources is None else resources, parameters))

    def api_events(self) -> list[ApiEvent]:
        """Return every path and method of the API, sorted."""
        return sorted(
            ApiEvent(path=event["Properties"]["Path"], method=event["Properties"]["Method"].upper(), function=name)
            for name, node in self.resources("AWS::Serverless::Function").items()
            for event in node["Properties"].get("Events", {}).values()
            if event["Type"] == "Api"
        )

    def resolve(self, node: Node, resources: Mapping[str, str], parameters: Mapping[str, str] | None = None) -> Node:
        """Resolve the intrinsic functions of a part of the template.

        Raises:
            UnreadableTemplate: a function, parameter, condition or resource is unknown; the message names it.
        """
        return self._resolver(resources, parameters).resolve(node)

    def holds(self, condition: Node, parameters: Mapping[str, str] | None = None) -> bool:
        """Return whether a condition holds: of the section ``Conditions``, or of a rule.

        Raises:
            UnreadableTemplate: as ``resolve``.
        """
        return self._resolver({}, parameters).holds(condition)

    def _resolver(self, resources: Mapping[str, str], parameters: Mapping[str, str] | None) -> _Resolver:
        values = {**PSEUDO_PARAMETERS, **self.parameter_defaults(), **(parameters or {})}
        return _Resolver(self.body, values, resources)


@cache
def project_template() -> Template:
    """Return the project's own template, parsed once. Treat its values as read-only."""
    return Template.read()


class _Resolver:
    """Resolves CloudFormation's intrinsic functions."""

    def __init__(self, body: Mapping[str, Node], values: Mapping[str, str], resources: Mapping[str, str]) -> None:
        self._body = body
        self._values = values
        self._resources = resources

    def resolve(self, node: Node) -> Node:
        match node:
            case dict():
                return self._mapping(node)
            case list():
                resolved = (self.resolve(item) for item in node)
                return [item for item in resolved if item is not _ABSENT]
            case _:
                return node

    def _mapping(self, node: dict[str, Node]) -> Node:
        match list(node.items()):
            case [("Ref", str() as name)]:
                return self._reference(name)
            case [("Fn::GetAtt", [str() as name, str() as attribute])]:
                return self._resource(f"{name}.{attribute}")
            case [("Fn::If", [str() as condition, if_true, if_false])]:
                return self.resolve(if_true if self._condition(condition) else if_false)
            case [(str() as function, arguments)] if function.startswith("Fn::"):
                return self._rearranged(function, arguments)
            case pairs:
                resolved = ((key, self.resolve(value)) for key, value in pairs)
                return {key: value for key, value in resolved if value is not _ABSENT}

    def _rearranged(self, function: str, arguments: Node) -> Node:
        match function, arguments:
            case "Fn::Sub", str() as text:
                return self._substituted(text, {})
            case "Fn::Sub", [str() as text, dict() as variables]:
                return self._substituted(text, self.resolve(variables))
            case "Fn::Join", [str() as separator, parts]:
                return separator.join(self.resolve(parts))
            case "Fn::FindInMap", [str() as name, first, second]:
                return self._mapped(name, self.resolve(first), self.resolve(second))
            case "Fn::Split", [str() as separator, source]:
                return str(self.resolve(source)).split(separator)
            case "Fn::Select", [int() as index, source]:
                return _selected(index, self.resolve(source))
            case _:
                raise UnreadableTemplate(f"{function} is not known here, or not in this form: {arguments}")

    def _mapped(self, name: str, first: str, second: str) -> Node:
        try:
            return self._body["Mappings"][name][first][second]
        except KeyError:
            raise UnreadableTemplate(f"the mapping {name} has no value for {first}, {second}") from None

    def _reference(self, name: str) -> Node:
        if name == "AWS::NoValue":
            return _ABSENT
        if name in self._values:
            return self._values[name]
        return self._resource(name)

    def _substituted(self, text: str, variables: Mapping[str, Node]) -> str:
        return _SUBSTITUTION.sub(lambda match: str(self._substitute(match[1], variables)), text)

    def _substitute(self, name: str, variables: Mapping[str, Node]) -> Node:
        if name in variables:
            return variables[name]
        return self._resource(name) if "." in name else self._reference(name)

    def _resource(self, name: str) -> str:
        logical_name = name.partition(".")[0]
        if logical_name not in self._body["Resources"]:
            raise UnreadableTemplate(f"{name} is neither a resource nor a parameter with a value")
        try:
            return self._resources[name]
        except KeyError:
            raise UnreadableTemplate(f"the value of the resource {name} was not given") from None

    def _condition(self, name: str) -> bool:
        if name not in self._body.get("Conditions", {}):
            raise UnreadableTemplate(f"the condition {name} does not exist")
        return self.holds(self._body["Conditions"][name])

    def holds(self, node: Node) -> bool:
        match list(node.items()):
            case [("Fn::Equals", [left, right])]:
                return str(self.resolve(left)) == str(self.resolve(right))
            case [("Fn::Not", [inner])]:
                return not self.holds(inner)
            case [("Fn::And", list() as inner)]:
                return all(self.holds(part) for part in inner)
            case [("Fn::Or", list() as inner)]:
                return any(self.holds(part) for part in inner)
            case [("Fn::Contains", [list() as known, sought])]:
                return str(self.resolve(sought)) in self.resolve(known)
            case [("Condition", str() as name)]:
                return self._condition(name)
            case _:
                raise UnreadableTemplate(f"this condition is not known here: {node}")


def _statements(document: Node) -> list[Statement]:
    return [
        Statement(
            effect=node["Effect"],
            actions=_texts(node["Action"]),
            resources=_texts(node["Resource"]),
            conditions=node.get("Condition", {}),
        )
        for node in document["Statement"]
    ]


def _selected(index: int, parts: Node) -> Node:
    if not isinstance(parts, list) or not 0 <= index < len(parts):
        raise UnreadableTemplate(f"Fn::Select finds no part {index} of {parts}")
    return parts[index]


def _texts(node: str | list[str]) -> tuple[str, ...]:
    return (node,) if isinstance(node, str) else tuple(node)


def walk(node: Node) -> Iterator[Node]:
    """Yield every mapping, list and value in a part of a template, including the part itself."""
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)
