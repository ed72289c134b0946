"""The templates in the shapes that insurers deploy: expanded by SAM's own translator, with the values of parameters."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from simulators.expansion import expanded
from simulators.template import ROOT, Node, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION: Final = "eu-west-3"
_EDGE_REGION: Final = "us-east-1"
_ACCOUNT: Final = "444455556666"
_NOTHING: Final = object()


@dataclass(frozen=True)
class Deployed:
    """One template with the parameters of one deployment.

    Attributes:
        name: of the shape, for reports.
        region: where it is deployed.
        body: the template as CloudFormation gets it; the defaults of its parameters are the deployment's values.
    """

    name: str
    region: str
    body: Mapping[str, Node]

    def settled(self) -> dict[str, Node]:
        """Return the template with each condition replaced by what it makes of these parameters.

        checkov does not evaluate conditions: it would check resources that are not made, and take a choice between two
        values for a missing value.
        """
        template = Template(self.body)
        holds = {name: template.holds({"Condition": name}) for name in self.body.get("Conditions", {})}
        without = ("Conditions", "Rules", "Metadata")
        settled: dict[str, Node] = {key: _settled(node, holds) for key, node in self.body.items() if key not in without}
        for resource in settled["Resources"].values():
            depends = resource.pop("DependsOn", [])
            present = [
                one for one in ([depends] if isinstance(depends, str) else depends) if one in settled["Resources"]
            ]
            if present:
                resource["DependsOn"] = present
        return settled


@cache
def deployments() -> tuple[Deployed, ...]:
    """Return every template in every shape that is checked. Treat their bodies as read-only."""
    firewall = {"PortalFirewallArn": f"arn:aws:wafv2:{_EDGE_REGION}:{_ACCOUNT}:global/webacl/edge/0"}
    production = _of_samconfig("production", "template.yaml") | {
        **firewall,
        "CanarySecretArn": f"arn:aws:secretsmanager:{REGION}:{_ACCOUNT}:secret:canary-AbCdEf",
        "BackupVault": "create",
        "BackupCopyVaultArn": f"arn:aws:backup:{REGION}:111122223333:backup-vault:members",
        "TableReadUnitsASecond": "3000",
        "TableWriteUnitsASecond": "7000",
    }
    elsewhere = production | {
        "HostPortal": "false",
        "PortalFirewallArn": "",
        "AllowedOrigins": "https://www.mutuelle.example",
        "ApiDomainCertificateArn": f"arn:aws:acm:{REGION}:{_ACCOUNT}:certificate/00000000-0000-0000-0000-000000000003",
    }
    staging = _of_samconfig("staging", "template.yaml") | firewall
    edge = _of_samconfig("production", "edge.yaml") | {"PortalDistribution": "E1EXAMPLE"}
    return (
        deployed("production", REGION, "template.yaml", production),
        deployed("without-portal", REGION, "template.yaml", elsewhere),
        deployed("staging", REGION, "template.yaml", staging),
        deployed("edge", _EDGE_REGION, "edge.yaml", edge),
    )


def deployed(name: str, region: str, file: str, parameters: Mapping[str, str]) -> Deployed:
    """Expand a template of this project for one deployment.

    Args:
        name: of the shape.
        region: where it is deployed.
        file: the template, from the project's root.
        parameters: the values that differ from the template's defaults.
    """
    body = copy.deepcopy(dict(Template.read(ROOT / file).body))
    for parameter, value in parameters.items():
        body["Parameters"][parameter]["Default"] = value
    if "Transform" in body:
        body = expanded(body, Template(body).parameter_defaults())
    return Deployed(name, region, body)


def _of_samconfig(environment: str, file: str) -> dict[str, str]:
    """Return the values of those parameters that a template has: make deploy deploys two with the same values."""
    samconfig = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    values: dict[str, str] = samconfig[environment]["deploy"]["parameters"]["parameter_overrides"]
    known = Template.read(ROOT / file).body["Parameters"]
    return {name: value for name, value in values.items() if name in known}


def _settled(node: Node, holds: Mapping[str, bool]) -> Node:
    """Return a part of a template without its choices; ``_NOTHING`` for what these parameters leave out."""
    match node:
        case {"Fn::If": [str() as condition, if_true, if_false]}:
            return _settled(if_true if holds[condition] else if_false, holds)
        case {"Ref": "AWS::NoValue"}:
            return _NOTHING
        case {"Type": str(), "Condition": str() as condition} | {"Value": _, "Condition": str() as condition}:
            rest = {key: value for key, value in node.items() if key != "Condition"}
            return _settled(rest, holds) if holds[condition] else _NOTHING
        case dict():
            settled = {key: _settled(value, holds) for key, value in node.items()}
            return {key: value for key, value in settled.items() if value is not _NOTHING}
        case list():
            return [value for value in (_settled(item, holds) for item in node) if value is not _NOTHING]
        case _:
            return node
