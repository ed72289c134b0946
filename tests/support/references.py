"""What a document refers to: tests, entries of the template, files."""

from __future__ import annotations

import ast
import re
from functools import cache

from simulators.template import ROOT, project_template

_REFERENCE = re.compile(
    r"`(?!\.local/)(?P<path>[\w.-]+(?:/[\w.-]+)*\.(?:py|md|yaml|json))(?:(?P<kind>::|#)(?P<name>\w+))?`"
)
_TEMPLATE = project_template().body


def references(text: str) -> list[tuple[str, str, str]]:
    """Every file of a clone that is named, with ``::test`` or ``#entry`` where something in it is meant."""
    return [(found["path"], found["kind"] or "", found["name"] or "") for found in _REFERENCE.finditer(text)]


def exists(path: str, kind: str, name: str) -> bool:
    """Whether the file is there, with the test or the entry of the template that is meant."""
    if not (ROOT / path).is_file():
        return False
    if kind == "::":
        return name.startswith("test_") and name in _functions_of(path)
    return not kind or (path == "template.yaml" and name in _TEMPLATE["Resources"].keys() | _TEMPLATE["Parameters"])


@cache
def _functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
