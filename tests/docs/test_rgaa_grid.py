"""The grid of RGAA 4.1.2 is whole, each judgement says how it was made, and the level follows from it."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import PurePath

import pytest

from local.brand.accessibility import CRITERIA, GRID, Level, level_of
from simulators.template import ROOT

TEXT = (ROOT / GRID).read_text("utf-8")
ROWS = list(csv.DictReader(TEXT.splitlines()))
# How many criteria each theme of RGAA 4.1.2 has.
THEMES = {1: 9, 2: 2, 3: 3, 4: 13, 5: 8, 6: 2, 7: 5, 8: 10, 9: 4, 10: 14, 11: 13, 12: 11, 13: 12}
PART = re.compile(
    r"(?P<test>test: [\w/.]+::\w+(, [\w/.]+::\w+)*)"
    r"|(?P<manual>manual: \d{4}-\d\d-\d\d; [^;]+; .+)"
    r"|(?P<reason>reason: .+)"
)
NEEDED = {"C": {"test", "manual"}, "NC": {"reason"}, "NA": {"reason"}}
"""Of what one is needed for each result."""


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def kinds(how: str) -> set[str]:
    """In which ways a criterion was judged: by ``test``, by a ``manual`` check, or for a ``reason``."""
    found = [PART.fullmatch(part) for part in how.split(" | ")]
    assert all(found), how
    return {one.lastgroup or "" for one in found if one}


def named_tests(how: str) -> list[tuple[str, str]]:
    """Every test that a judgement names: its file and its name."""
    return [(path, name) for path, name in re.findall(r"([\w/.]+)::(\w+)", how)]


def test_the_grid_has_every_criterion_once_and_in_order() -> None:
    assert [row["number"] for row in ROWS] == [
        f"{theme}.{one + 1}" for theme, many in THEMES.items() for one in range(many)
    ]
    assert len(ROWS) == CRITERIA


@pytest.mark.parametrize("row", ROWS, ids=[row["number"] for row in ROWS])
def test_a_criterion_says_how_it_was_judged(row: dict[str, str]) -> None:
    assert row["title"].endswith(" ?")
    assert kinds(row["how"]) & NEEDED[row["result"]]
    for path, name in named_tests(row["how"]):
        assert PurePath(path).name.startswith("test_")
        assert name in functions_of(path), f"{path} has no {name}"


@pytest.mark.parametrize(
    "how",
    [
        "",
        "test: ",
        "test: tests/portal/test_shell.py",
        "manual: looked at it",
        "manual: yesterday; Chromium; looked at it",
        "checked",
    ],
)
def test_a_judgement_that_says_too_little_is_noticed(how: str) -> None:
    with pytest.raises(AssertionError):
        kinds(how)


def test_the_level_and_the_rate_follow_from_the_grid() -> None:
    results = Counter(row["result"] for row in ROWS)
    rate = 100 * results["C"] // (results["C"] + results["NC"])

    assert level_of(TEXT.encode()) == Level("partial" if results["NC"] else "full", rate)


def test_the_document_states_the_results_of_the_grid() -> None:
    document = (ROOT / "docs" / "accessibility" / "README.md").read_text("utf-8")
    results = Counter(row["result"] for row in ROWS)
    not_met = [row["number"] for row in ROWS if row["result"] == "NC"]

    assert f"{results['C']} met, {results['NC']} not met, {results['NA']} not applicable" in document
    assert f"{level_of(TEXT.encode()).percent} %" in document
    for number in not_met:
        assert f"**{number}**" in document
