"""The template as CloudFormation gets it: SAM's own translator replaces its resources by those of CloudFormation."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from simulators.template import PSEUDO_PARAMETERS, Node

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODE = ("CodeUri", "ContentUri")


def expanded(body: Mapping[str, Node], parameters: Mapping[str, str]) -> dict[str, Node]:
    """Expand a template, with its local code as a package in S3 that is named after the folder.

    Args:
        body: the parsed template; it stays as it is.
        parameters: the values that SAM's translator is given.

    Raises:
        samtranslator.model.exceptions.InvalidDocumentException: SAM does not accept the template.
    """
    copied = copy.deepcopy(dict(body))
    for resource in copied["Resources"].values():
        properties = resource.get("Properties", {})
        local = {name: properties[name] for name in _CODE if isinstance(properties.get(name), str)}
        properties |= {name: f"s3://artifacts/{folder}" for name, folder in local.items()}
    session = boto3.Session(region_name=PSEUDO_PARAMETERS["AWS::Region"])
    translated: dict[str, Node] = Translator({}, Parser(), boto_session=session).translate(copied, dict(parameters))
    return translated
