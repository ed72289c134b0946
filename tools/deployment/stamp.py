"""Lets every change of a deployment reach the functions that answer, and none fail on the way.

SAM publishes a new version of a function when the text of one of its properties changes. A reference to a parameter has
the same text at each of its values (serverless-application-model issue 3820): a deployment that changes parameters
alone would update the unpublished function, and the alias would lead to the version with the old values. Lambda,
though, publishes nothing when code and configuration are those of the latest version, and CloudFormation then fails:
``A version for this Lambda function exists`` (issue 3281). That happens after a changed tag or reserved concurrency,
and for the same commit again after a deployment that CloudFormation took back. An environment variable that changes
with each of these is part of both, of the name and of the configuration.

The stage of an API serves what it was at its latest deployment. SAM makes another one when the text of the definition
changes (issues 914 and 1605), which repeats ``AllowedOrigins`` in API Gateway's own answers as a condition. A model
that no call uses holds the digest there.
"""

from __future__ import annotations

import copy
import hashlib
import json
from typing import TYPE_CHECKING, Any

from samcli.yamlhelper import yaml_dump, yaml_parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLE = "DEPLOYMENT_DIGEST"
_API = "AWS::Serverless::Api"


def stamp(template: Path, parameters: Mapping[str, str], attempt: str = "") -> None:
    """Write a digest of a built template and its parameters into the environment of every function.

    Args:
        template: what ``sam build`` has written.
        parameters: all of them.
        attempt: another text after each deployment that failed, so that versions of the failed one are in no one's way.
    """
    body = yaml_parse(template.read_text("utf-8"))
    template.write_text(yaml_dump(stamped(body, parameters, attempt)), encoding="utf-8")


def stamped(body: Mapping[str, Any], parameters: Mapping[str, str], attempt: str = "") -> Any:  # noqa: ANN401 - YAML
    """Return a template that publishes its functions and deploys its API again when anything changes."""
    copied: Any = copy.deepcopy(body)
    deployment = json.dumps([body, parameters, attempt], sort_keys=True, default=str)
    digest = hashlib.sha256(deployment.encode()).hexdigest()
    copied["Globals"]["Function"]["Environment"]["Variables"][VARIABLE] = digest
    for node in copied["Resources"].values():
        if node["Type"] == _API:
            node["Properties"]["Models"] = {"Deployment": {"type": "object", "description": digest}}
    return copied
