"""Decides which parameters are sent, and writes them as sam takes them unchanged.

sam sends ``UsePreviousValue`` for a parameter that it does not get (``merge_parameters`` in its ``deploy_context``), so
that a default that changed in the template would never reach a stack that exists. Each deployment sends all parameters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tools.deployment.environments import overrides
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulators.template import Template

BUILD_VARIABLES = {"Runtime": "LAMBDA_RUNTIME", "Architecture": "LAMBDA_ARCHITECTURE"}
"""The variable of the Makefiles of the layer and the functions, by parameter."""


def merged(template: Template, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every parameter of the template: the chosen one, or else the default.

    Raises:
        DeployRefused: the template has no such parameter, or one without a default has no value.
    """
    known = template.body["Parameters"]
    if unknown := sorted(chosen.keys() - known.keys()):
        raise DeployRefused(f"No template has the parameter {', '.join(unknown)}, which samconfig.toml sets.")
    defaults = template.parameter_defaults()
    if missing := sorted(known.keys() - chosen.keys() - defaults.keys()):
        raise DeployRefused(f"samconfig.toml must set {', '.join(missing)}, which has no default.")
    return {name: chosen.get(name, defaults.get(name, "")) for name in known}


def write_parameters(parameters: Mapping[str, str], file: Path) -> str:
    """Write parameters into a file for sam.

    Args:
        parameters: all that is sent.
        file: its name must end in ``.yaml``: sam reads no JSON, but JSON is YAML.

    Returns:
        The value of sam's option ``--parameter-overrides``.

    Raises:
        DeployRefused: sam would read one of them otherwise.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # sam reads the file in the encoding of the system, so it is plain ASCII.
    file.write_text(json.dumps(parameters, indent=2), encoding="ascii")
    argument = f"file://{file.resolve()}"
    read = overrides([argument])
    if wrong := sorted(name for name, value in parameters.items() if read.get(name) != value):
        raise DeployRefused(
            f"sam would change the value of {', '.join(wrong)}: it takes away quotation marks around a value, and a "
            "backslash before a blank or a quotation mark. Write the value without them."
        )
    return argument


def build_variables(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the Makefiles that follow from the parameters."""
    return {variable: parameters[name] for name, variable in BUILD_VARIABLES.items()}
