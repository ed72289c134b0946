"""The template as CloudFormation gets it: SAM's own translator replaces its resources by those of CloudFormation."""

from __future__ import annotations

import copy

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from simulators.template import PSEUDO_PARAMETERS, Node, project_template


def expanded_template(code: str = "code-1", layer: str = "layer-1") -> dict[str, Node]:
    """Expand the project's template.

    Args:
        code: the content of the functions; ``sam package`` names zips by content.
        layer: the content of the layer.
    """
    body = copy.deepcopy(dict(project_template().body))
    for resource in body["Resources"].values():
        for name, key in (("CodeUri", code), ("ContentUri", layer)):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = f"s3://artifacts/{key}"
    session = boto3.Session(region_name=PSEUDO_PARAMETERS["AWS::Region"])
    expanded: dict[str, Node] = Translator({}, Parser(), boto_session=session).translate(body, {})
    return expanded
