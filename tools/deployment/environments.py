"""Reads an environment of ``samconfig.toml`` with the parser that sam itself uses."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from samcli.cli.types import CfnParameterOverridesType

from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NOT_ENVIRONMENTS = {"version", "default", "local"}
"""``local`` belongs to ``make run``."""


@dataclass(frozen=True)
class Environment:
    """One environment.

    Attributes:
        name: as in ``make deploy ENV=staging``.
        account: the number of the AWS account in which it must be deployed.
        stack_name: the stack.
        region: the AWS region.
        profile: the profile of the AWS configuration; None for the one in force.
        bucket: the bucket for what sam uploads; None for the one that sam makes itself.
        overrides: the template's parameters that it sets.
        brand: the folder of the portal's brand; None for the example.
    """

    name: str
    account: str
    stack_name: str
    region: str
    profile: str | None
    bucket: str | None
    overrides: Mapping[str, str]
    brand: Path | None = None


def read_environment(root: Path, name: str) -> Environment:
    """Read one environment.

    Args:
        root: the folder of ``samconfig.toml``.
        name: the environment.

    Raises:
        DeployRefused: there is no such environment, or it lacks a setting or has one that sam reads otherwise.
    """
    samconfig = tomllib.loads((root / "samconfig.toml").read_text("utf-8"))
    known = sorted(other for other in set(samconfig) - _NOT_ENVIRONMENTS if "deploy" in samconfig[other])
    if name not in known:
        named = f"There is no environment {name}" if name else "Name the environment"
        raise DeployRefused(f"{named}: make deploy ENV={known[-1]} (samconfig.toml has {', '.join(known)}).")
    settings = samconfig[name]["deploy"]["parameters"]
    needed = {**settings, "account": samconfig[name].get("account")}
    if missing := [key for key in ("account", "stack_name", "region") if not needed.get(key)]:
        raise DeployRefused(f"samconfig.toml has no {' and no '.join(missing)} for {name}.")
    return Environment(
        name=name,
        account=str(needed["account"]),
        stack_name=settings["stack_name"],
        region=settings["region"],
        profile=settings.get("profile"),
        bucket=settings.get("s3_bucket"),
        overrides=overrides(settings.get("parameter_overrides", {})),
        brand=root / samconfig[name]["brand"] if samconfig[name].get("brand") else None,
    )


def overrides(written: Any) -> dict[str, str]:  # noqa: ANN401 - a text, a list or a table, as TOML has it
    """Return parameters as sam reads them, in each of its three notations: a table, a list, one text.

    Raises:
        DeployRefused: sam would reject them, or silently leave a part of a value out, as it does after a blank outside
            quotation marks.
    """
    parser = CfnParameterOverridesType()
    for text in [written] if isinstance(written, str) else written if isinstance(written, list) else []:
        if isinstance(text, str) and (lost := _lost(text)):
            raise DeployRefused(
                f"sam would leave out {lost!r} of parameter_overrides in samconfig.toml. Write the parameters as a "
                "table, [<environment>.deploy.parameters.parameter_overrides], which takes every text as it is."
            )
    try:
        return {str(name): str(value) for name, value in parser.convert(written, None, None).items()}
    except click.BadParameter as error:
        raise DeployRefused(f"sam does not take parameter_overrides in samconfig.toml: {error.message}") from error


def _lost(text: str) -> str:
    """Return the part of a text of parameters that sam's patterns pass over."""
    if text.startswith("file://"):
        return ""
    for pattern in CfnParameterOverridesType.ordered_pattern_match:
        spaced = f" {text.strip()}"
        if re.search(pattern, spaced):
            return re.sub(pattern, "", spaced).strip()
    return ""
