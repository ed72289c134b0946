"""The template as CloudFormation gets it: SAM's own translator replaces its resources by those of CloudFormation."""

from __future__ import annotations

import copy
from functools import cache, cached_property
from typing import TYPE_CHECKING

from simulators.expansion import expanded
from simulators.template import LogicalNames, Node, Template, project_template

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOUD = {"Environment": "production", "PublicOrigin": "https://members.example"}


def expanded_template(
    code: str = "code-1", layer: str = "layer-1", parameters: Mapping[str, str] | None = None
) -> dict[str, Node]:
    """Expand the project's template.

    Args:
        code: the content of the functions; ``sam package`` names zips by content.
        layer: the content of the layer.
        parameters: values that SAM's translator is given.
    """
    body = copy.deepcopy(dict(project_template().body))
    for resource in body["Resources"].values():
        for name, key in (("CodeUri", code), ("ContentUri", layer)):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = key
    return expanded(body, parameters or {})


class Expanded:
    """The resources that a deployment with these parameters has.

    Attributes:
        parameters: that differ from the defaults, of a stack in production.
    """

    def __init__(self, **parameters: str) -> None:
        self.parameters = {**_CLOUD, **parameters}
        self._template = Template(_expanded(tuple(sorted(self.parameters.items()))))

    @cached_property
    def resources(self) -> dict[str, Node]:
        """The resources whose condition holds, as SAM leaves them."""
        return {name: node for name, node in self._template.body["Resources"].items() if self._exists(node)}

    def properties(self, name: str) -> Node:
        """Return the properties of one resource, with what the parameters make of them."""
        return self.resolve(self.resources[name]["Properties"])

    def of_type(self, kind: str) -> dict[str, Node]:
        """Return the properties of all resources of a type, by logical name."""
        return {name: self.properties(name) for name, node in self.resources.items() if node["Type"] == kind}

    def outputs(self) -> dict[str, Node]:
        """Return the values of the outputs whose condition holds."""
        return {
            name: self.resolve(node["Value"])
            for name, node in self._template.body["Outputs"].items()
            if self._exists(node)
        }

    def resolve(self, node: Node) -> Node:
        """Return what the parameters make of a part of the template; a resource stands for itself."""
        return self._template.resolve(node, LogicalNames(), self.parameters)

    def _exists(self, node: Node) -> bool:
        condition = node.get("Condition")
        choice = {"Fn::If": [condition, "yes", "no"]}
        return condition is None or self._template.resolve(choice, {}, self.parameters) == "yes"


@cache
def _expanded(parameters: tuple[tuple[str, str], ...]) -> Mapping[str, Node]:
    return expanded_template(parameters={**project_template().parameter_defaults(), **dict(parameters)})
