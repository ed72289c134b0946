"""``docs/security.md`` speaks of what is there: tests, template entries, files, headings, and every requirement."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from simulators.template import ROOT, project_template

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = ROOT / "docs/security.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
TEMPLATE = project_template().body

# How many requirements each section of ASVS 5.0.0 has.
ASVS_SECTIONS = {
    "6.1": 3,
    "6.2": 12,
    "6.3": 8,
    "6.4": 6,
    "6.5": 8,
    "6.6": 4,
    "6.7": 2,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 3,
    "7.6": 2,
}
VERDICTS = {"met", "deviation", "not applicable"}
REFERENCE = re.compile(r"`(?P<path>[\w.-]+(?:/[\w.-]+)*\.(?:py|md|yaml|json))(?:(?P<kind>::|#)(?P<name>\w+))?`")


def references(text: str = TEXT) -> list[tuple[str, str, str]]:
    """Every file that is named, with ``::test`` or ``#entry`` where something in it is meant."""
    return [(found["path"], found["kind"] or "", found["name"] or "") for found in REFERENCE.finditer(text)]


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def exists(path: str, kind: str, name: str) -> bool:
    if not (ROOT / path).is_file():
        return False
    if kind == "::":
        return name.startswith("test_") and name in functions_of(path)
    return not kind or (path == "template.yaml" and name in TEMPLATE["Resources"].keys() | TEMPLATE["Parameters"])


def section(heading: str) -> str:
    """What stands below a heading, up to the next one of any level."""
    _, _, below = TEXT.partition(f"{heading}\n")
    return re.split(r"^#+ ", below, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> Iterator[list[str]]:
    """The rows of the tables in a text, their headings left out."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(("| id |", "| section |", "| rule |", "| role |")):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


ASVS = [
    *rows(section("### OWASP ASVS 5.0, V6 Authentication")),
    *rows(section("### OWASP ASVS 5.0, V7 Session Management")),
]
REQUIREMENTS = [
    *((row[0], row[3], row[4]) for row in ASVS),
    *((row[1], row[2], row[3]) for row in rows(section("### NIST SP 800-63B-4"))),
    *((row[0], row[1], row[2]) for row in rows(section("### CNIL"))),
]


def test_every_reference_exists() -> None:
    found = references()
    assert len(found) > 100
    assert [reference for reference in found if not exists(*reference)] == []


@pytest.mark.parametrize(
    "reference",
    [
        "`tests/unit/test_gone.py::test_anything`",
        "`tests/docs/test_security_document.py::test_that_does_not_exist`",
        "`template.yaml#NoSuchResource`",
        "`docs/no-such-page.md`",
    ],
)
def test_a_reference_to_nothing_is_found(reference: str) -> None:
    assert [exists(*found) for found in references(reference)] == [False]


def test_every_requirement_of_the_two_chapters_has_its_row() -> None:
    expected = [f"{number}.{one}" for number, count in ASVS_SECTIONS.items() for one in range(1, count + 1)]
    assert [row[0] for row in ASVS] == expected


@pytest.mark.parametrize(("requirement", "verdict", "why"), REQUIREMENTS)
def test_a_requirement_has_a_proof_or_a_reason(requirement: str, verdict: str, why: str) -> None:
    assert requirement
    assert verdict in VERDICTS
    assert why
    if verdict == "met":
        assert any(kind for _, kind, _ in references(why)), "name a test, or an entry of the template"


def test_every_role_and_every_key_is_spoken_of() -> None:
    template = project_template()
    kinds = ("AWS::IAM::Role", "AWS::KMS::Key", "AWS::DynamoDB::Table")
    things = {name for kind in kinds for name in template.resources(kind)}
    assert things - {name for _, _, name in references()} == set()


def test_the_tables_are_read_as_they_stand() -> None:
    assert len(REQUIREMENTS) == len(ASVS) + 18 + 14
