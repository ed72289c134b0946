"""Reads the YAML of a template, with CloudFormation's short forms such as ``!Sub``."""

from __future__ import annotations

from typing import Any

import yaml
from samtranslator.yaml_helper import intrinsics_multi_constructor


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]  # one of two
    """SAM's own short forms on libyaml, which takes a quarter of the time."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)


def parse_template(text: str) -> Any:  # noqa: ANN401 - YAML has no narrower type
    """Parse a template.

    Raises:
        yaml.YAMLError: the text is no YAML.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
