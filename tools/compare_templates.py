"""Compares two processed templates: ``python -m tools.compare_templates BEFORE AFTER [--texts]``.

BEFORE and AFTER are files or git revisions. SAM's own translator processes both, so neither the order of resources nor
YAML anchors count: only the templates that CloudFormation would receive.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from samtranslator.model.exceptions import InvalidDocumentException

from simulators.expansion import expanded
from simulators.template_yaml import parse_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]

Node: TypeAlias = Any
"""A part of a template: YAML has no narrower type."""

_TEMPLATE: Final = "template.yaml"
_SECTIONS: Final = ("Parameters", "Rules", "Mappings", "Conditions", "Resources", "Outputs")
_TEXTS: Final = frozenset({"AlarmDescription", "AssertDescription", "Comment", "ConstraintDescription", "Description"})
# SAM ends the logical ids of these with a hash of their content, so that a change publishes a new one.
_HASHED: Final = ("AWS::ApiGateway::Deployment", "AWS::Lambda::LayerVersion", "AWS::Lambda::Version")
_HASHED_ID: Final = re.compile(r"(?P<name>\w+?)(?P<hash>[0-9a-f]{10})")
_DEPLOYMENT_HASH: Final = re.compile(r"(?<=\"RestApi deployment id: )[0-9a-f]{40}(?=\")")
_HASH: Final = "<hash>"
_ABSENT: Final = object()


class NoTemplate(Exception):
    """The argument names no template that can be processed."""


def load(source: str, root: Path = ROOT) -> str:
    """Load a template from a file, or ``template.yaml`` from a git revision.

    Raises:
        NoTemplate: there is neither a file nor a revision of this name.
    """
    if Path(source).is_file():
        return Path(source).read_text(encoding="utf-8")
    command = ["git", "show", "--end-of-options", f"{source}:{_TEMPLATE}"]
    shown = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    if shown.returncode:
        raise NoTemplate(f"{source} is neither a file nor a git revision with a {_TEMPLATE}.")
    return shown.stdout


def processed(text: str) -> dict[str, Node]:
    """Process a template as CloudFormation would, with a placeholder for the hash in each logical id.

    Raises:
        NoTemplate: the text is no valid SAM template.
    """
    body = parse_template(text)
    if not isinstance(body, dict) or "Resources" not in body:
        raise NoTemplate("A template has a section Resources.")
    try:
        translated = expanded(body, {})
    except InvalidDocumentException as error:
        raise NoTemplate(f"SAM does not accept the template: {error.message}") from error
    return _without_hashes(translated)


def _without_hashes(template: Mapping[str, Node]) -> dict[str, Node]:
    """Replace the hashes that SAM derives from content: the content itself is compared."""
    text = _DEPLOYMENT_HASH.sub(_HASH, json.dumps(template))
    for name, node in template["Resources"].items():
        if node["Type"] in _HASHED and (match := _HASHED_ID.fullmatch(name)):
            text = re.sub(rf"\b{name}\b", f"{match['name']}{_HASH}", text)
    replaced: dict[str, Node] = json.loads(text)
    return replaced


def differences(before: Mapping[str, Node], after: Mapping[str, Node], *, texts: bool = False) -> list[str]:
    """List the differences between two processed templates, one line each.

    Args:
        before: the older template.
        after: the newer template.
        texts: also compare descriptions and comments, which change nothing that runs.
    """
    ignored = frozenset[str]() if texts else _TEXTS
    return [
        line
        for section in _SECTIONS
        for line in _compared(section, before.get(section, {}), after.get(section, {}), ignored)
    ]


def _compared(path: str, before: Node, after: Node, ignored: frozenset[str]) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        # The names of a section's entries are no texts.
        for key in sorted((before.keys() | after.keys()) - (ignored if "." in path else set())):
            yield from _compared(f"{path}.{key}", before.get(key, _ABSENT), after.get(key, _ABSENT), ignored)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _compared(f"{path}[{index}]", one, other, ignored)
    elif before is _ABSENT:
        yield f"+ {path}{_described(path, after)}"
    elif after is _ABSENT:
        yield f"- {path}{_described(path, before)}"
    elif before != after:
        yield f"~ {path}: {before!r} -> {after!r}"


def _described(path: str, node: Node) -> str:
    """Describe an entry of a section by its type, and a part of an entry by its content."""
    if path.count(".") > 1:
        return f": {node!r}"
    return f" ({node['Type']})" if isinstance(node, dict) and "Type" in node else ""


def main(arguments: Sequence[str]) -> int:
    """Print the differences.

    Returns:
        The exit status of diff: 0 if the templates are the same, 1 if they differ, 2 for wrong arguments.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.compare_templates", description=__doc__.splitlines()[0])
    parser.add_argument("before", help="a file or a git revision")
    parser.add_argument("after", help="a file or a git revision")
    parser.add_argument("--texts", action="store_true", help="also compare descriptions and comments")
    options = parser.parse_args(arguments)
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    try:
        before, after = (processed(load(source)) for source in (options.before, options.after))
    except NoTemplate as error:
        print(error, file=sys.stderr)
        return 2
    found = differences(before, after, texts=options.texts)
    print("\n".join(found) if found else f"The same: {len(after['Resources'])} resources.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
