"""Lets a change of parameters reach the functions that answer.

SAM publishes a new version of a function when the text of the template changes, and a reference to a parameter has the
same text at each of its values (serverless-application-model issue 3820). A deployment that changes parameters alone
would update the unpublished function, and the alias would lead to the version with the old values.
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

VARIABLE = "PARAMETERS_DIGEST"


def stamp(template: Path, parameters: Mapping[str, str]) -> None:
    """Write a digest of all parameters into the environment of every function of a built template."""
    body = yaml_parse(template.read_text("utf-8"))
    template.write_text(yaml_dump(stamped(body, parameters)), encoding="utf-8")


def stamped(body: Mapping[str, Any], parameters: Mapping[str, str]) -> Any:  # noqa: ANN401 - a parsed template
    """Return a template whose functions publish a new version when a parameter changes."""
    copied: Any = copy.deepcopy(body)
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
    copied["Globals"]["Function"]["Environment"]["Variables"][VARIABLE] = digest
    return copied
