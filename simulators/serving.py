"""What answers calls in an account: published versions of functions, the aliases before them, deployments of APIs.

It plays what only a second deployment meets:

- Lambda publishes no version of a function whose code and configuration are those of the latest one (Lambda API,
  "PublishVersion"), and CloudFormation then fails: ``A version for this Lambda function exists``
  (serverless-application-model issue 3281). A version remains when the deployment that published it is taken back.
- CodeDeploy begins at the version that the stack describes, and fails if the alias is at another one
  (serverless-application-model issue 291).
- A stage serves an API as it was at its latest deployment (API Gateway developer guide, "Updates to REST APIs that
  require redeployment").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulators.template import Node

FUNCTION, VERSION, ALIAS = "AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias"
_API, _DEPLOYMENT = "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Deployment"
# These belong to a function and to no version of it (Lambda developer guide, "Manage Lambda function versions").
_UNVERSIONED = {"CodeSigningConfigArn", "RecursiveLoop", "ReservedConcurrentExecutions", "Tags"}


Thing: TypeAlias = tuple[str, str]
"""What exists in an account: a type of CloudFormation and a name."""


@dataclass(frozen=True)
class Resource:
    """One resource of a stack."""

    thing: Thing
    deletion_policy: str
    replace_policy: str
    properties: Mapping[str, Node]
    update_policy: Mapping[str, Node]

    @property
    def is_protected(self) -> bool:
        """Whether AWS refuses to delete it."""
        return bool(self.properties.get("DeletionProtectionEnabled", False))


class Serving:
    """What answers calls in one account.

    Attributes:
        live: the version behind the alias of each function.
        served: the definition that the stage of each API serves.
    """

    def __init__(self) -> None:
        self.live: dict[str, str] = {}
        self.served: dict[str, Node] = {}
        self._published: dict[str, Mapping[str, Node]] = {}

    def takes(self, resource: Resource, before: Resource | None, others: Iterable[Resource]) -> bool:
        """Put a resource in place, if Lambda, CodeDeploy and API Gateway let CloudFormation do so.

        Args:
            resource: as it shall be.
            before: as it is, if it exists.
            others: the resources of the same stack that exist by now.
        """
        known = {other.thing: other.properties for other in others}
        properties = resource.properties
        match resource.thing[0]:
            case kind if kind == VERSION and before is None:
                return self._publish(properties["FunctionName"], known)
            case kind if kind == ALIAS:
                return self._move(properties, before, watched=bool(resource.update_policy))
            case kind if kind == _DEPLOYMENT and before is None:
                self.served[properties["RestApiId"]] = known[_API, properties["RestApiId"]]
        return True

    def _publish(self, function: str, known: Mapping[tuple[str, str], Mapping[str, Node]]) -> bool:
        versioned = {name: value for name, value in known[FUNCTION, function].items() if name not in _UNVERSIONED}
        if self._published.get(function) == versioned:
            return False
        self._published[function] = versioned
        return True

    def _move(self, properties: Mapping[str, Node], before: Resource | None, *, watched: bool) -> bool:
        function, version = properties["FunctionName"], properties["FunctionVersion"]
        if before and before.properties["FunctionVersion"] == version:
            return True
        if before and watched and self.live[function] != before.properties["FunctionVersion"]:
            return False
        self.live[function] = version
        return True
