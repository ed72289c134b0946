"""The documents speak of what is there: paths, tests, parameters, make targets, alarms, items, dependencies, versions.

``docs/security.md`` and ``docs/conformity.md`` have further rules, in modules of their own.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from ops.__main__ import main
from simulators.template import ROOT, Template, project_template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", ".github/*.md", "functions/**/*.md")
    for path in ROOT.glob(pattern)
    if "node_modules" not in path.parts
)
# What make creates in .local is not in every clone.
TOP_FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - {".local"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code_spans(text: str) -> Iterator[str]:
    """What stands between backticks on one line."""
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table, headings left out."""
    lines = text.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("| ") and not re.match(r"\|[-:| ]+\|$", below):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def is_path(span: str) -> bool:
    """Whether a code span names a file or folder of this repository, not one made from it or a pattern."""
    top, slash, _ = span.partition("/")
    return bool(slash) and top in TOP_FOLDERS and not re.search(r"[<>{}*… ]", span)


def is_there(span: str) -> bool:
    path, _, test = span.partition("::")
    return (ROOT / path).exists() and (not test or test in functions_of(path))


@cache
def functions_of(path: str) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.FunctionDef)}


def anchors_of(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    named = [span for span in code_spans(document.read_text("utf-8")) if is_path(span)]

    assert [span for span in named if not is_there(span)] == []


@pytest.mark.parametrize("span", ["docs/no-such-page.md", "tests/docs/test_documents.py::test_gone"])
def test_a_path_that_leads_nowhere_is_found(span: str) -> None:
    assert is_path(span)
    assert not is_there(span)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", document.read_text("utf-8"))):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = document.parent / path if path else document
        assert linked.exists(), target
        assert not anchor or anchor in anchors_of(linked.read_text("utf-8")), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), flags=re.MULTILINE))
    commands = re.findall(r"(?:`|\$ )(?:\w+=\S+ )?make ([a-z][a-z -]*)", document.read_text("utf-8"))

    assert {target for command in commands for target in command.split()} - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_operators_command_that_a_document_names_exists(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in re.findall(r"python -m ops ([a-z][^`\n>,.|]*)", document.read_text("utf-8")):
        name, *words = command.split()
        assert main([name, "--help"]) == 0, command
        known = capsys.readouterr().out
        assert f"python -m ops {name} " in known, command
        assert [word for word in words if word.startswith("--") and word not in known] == [], command


def test_every_promise_names_a_test_and_its_code() -> None:
    promises = list(rows(text_of("docs/promises.md")))

    assert len(promises) > 20
    for promise, tests, code in promises:
        assert all("::test_" in span for span in code_spans(tests)), promise
        assert any(is_path(span) or span == "template.yaml" for span in code_spans(code)), promise


def test_the_index_names_every_document() -> None:
    linked = re.findall(r"\]\(([\w./-]+)\)", text_of("docs/README.md"))
    present = [name_of(path).removeprefix("docs/") for path in (ROOT / "docs").iterdir() if path.is_file()]

    assert set(present) - {"README.md", *linked} == set()


def test_every_decision_is_dated_and_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    index = {row[0]: row for row in rows((folder / "README.md").read_text("utf-8"))}

    for path in folder.glob("0*.md"):
        title, _, status, *_ = path.read_text("utf-8").splitlines()
        number, _, words = title.removeprefix("# ").partition(". ")
        assert int(number) == int(path.name[:4])
        assert index.pop(number) == [number, f"[{words}]({path.name})", *status.split(" · ")]
    assert index == {}


def sections_of_the_runbook() -> dict[str, str]:
    """The sections of alarms by their heading."""
    _, *sections = re.split(r"^##+ (?=.)", text_of("docs/alarms.md"), flags=re.MULTILINE)
    parts = (section.partition("\n") for section in sections)
    return {heading: body for heading, _, body in parts if heading.startswith("`")}


def test_every_alarm_has_its_section() -> None:
    alarms = {
        name: node["Properties"]["AlarmDescription"].partition(" Runbook: ")[2]
        for template in (project_template(), Template.read(ROOT / "edge.yaml"))
        for name, node in template.resources("AWS::CloudWatch::Alarm").items()
    }
    rules = {
        name: target["InputTransformer"]["InputTemplate"].strip('"').partition(" Runbook: ")[2]
        for name, node in project_template().resources("AWS::Events::Rule").items()
        for target in node["Properties"]["Targets"]
    }
    sections = {
        name: f"docs/alarms.md#{anchor}"
        for heading in sections_of_the_runbook()
        for (anchor,) in [anchors_of(f"# {heading}")]
        for name in code_spans(heading)
    }

    assert alarms | rules == sections


@pytest.mark.parametrize("heading", sections_of_the_runbook())
def test_a_section_of_the_runbook_says_what_to_do(heading: str) -> None:
    paragraphs = sections_of_the_runbook()[heading].strip().split("\n\n")

    starts = [paragraph.partition(":")[0] for paragraph in paragraphs]
    assert [start for start in starts if start in {"Meaning", "First look", "Remedy"}] == [
        "Meaning",
        "First look",
        "Remedy",
    ]


def owners_of_keys() -> dict[str, set[str]]:
    """The modules that make partition keys, by kind of item."""
    owners = defaultdict(set)
    for path in (path for folder in ("functions", "layers") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Constant(value=str(text)) if key := re.match(r"([A-Z_]+)#", text):
                    owners[key[1]].add(name_of(path))
                case ast.Assign(targets=[ast.Name("prefix")], value=ast.Constant(value=str(kind))):
                    owners[kind].add(name_of(path))
    return owners


def test_every_kind_of_item_is_in_the_table() -> None:
    described = re.findall(r"`([A-Z_]+)#", text_of("docs/architecture.md"))

    assert owners_of_keys().keys() == set(described)


def test_one_module_makes_the_keys_of_a_kind_of_item() -> None:
    assert {kind: modules for kind, modules in owners_of_keys().items() if len(modules) > 1} == {}


def test_every_dependency_has_its_reason() -> None:
    groups = [PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"].values()]
    asked_for = {re.split(r"[^\w-]", entry)[0] for group in groups for entry in group if isinstance(entry, str)}
    for file in ("package.json", "bench/lighthouse/package.json"):
        asked_for |= json.loads(text_of(file))["devDependencies"].keys()
    reasons = {cells[0].strip("`"): cells[1] for cells in rows(text_of("docs/decisions/dependencies.md"))}

    assert reasons.keys() == asked_for
    assert all(reasons.values())


def test_the_version_is_the_latest_of_the_changelog() -> None:
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", text_of("CHANGELOG.md"), flags=re.MULTILINE)

    assert versions[0] == PROJECT["project"]["version"]


def test_no_tracked_file_names_the_single_page_of_decisions_that_was() -> None:
    gone = "docs/decisions" + ".md"
    found = subprocess.run(["git", "grep", "-lF", gone], cwd=ROOT, capture_output=True, check=False)  # noqa: S603, S607 - words of our own, to the developer's git

    assert found.stdout.decode() == ""
