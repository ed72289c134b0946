"""The Access table as ``template.yaml`` defines it, for a table that an operator makes beside the stack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from samtranslator.yaml_helper import yaml_parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATE = Path(__file__).parents[1] / "template.yaml"
_CREATED_WITH = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")


def access_table(path: Path = _TEMPLATE) -> Mapping[str, Any]:
    """Return the arguments of ``create_table`` without the name; encrypted, and protected from deletion."""
    properties = _properties(path)
    encryption = {"Enabled": properties["SSESpecification"]["SSEEnabled"]}
    return {
        **{name: properties[name] for name in _CREATED_WITH},
        "SSESpecification": encryption,
        "DeletionProtectionEnabled": True,
    }


def time_to_live(path: Path = _TEMPLATE) -> Mapping[str, Any]:
    """Return the time to live of the Access table."""
    found: Mapping[str, Any] = _properties(path)["TimeToLiveSpecification"]
    return found


def _properties(path: Path) -> Mapping[str, Any]:
    resources = yaml_parse(path.read_text(encoding="utf-8"))["Resources"]
    properties: Mapping[str, Any] = resources["AccessTable"]["Properties"]
    return properties
