"""``make mutation`` mutates modules that there are, runs tests that there are, in a copy laid out as mutmut wants."""

from __future__ import annotations

import ast
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from simulators.template import ROOT
from tools.mutation import MODULES, SOURCES, TESTS, configuration, file, undecorated

if TYPE_CHECKING:
    from pathlib import Path

DECORATED = """
from dataclasses import dataclass
from functools import cache, total_ordering

@total_ordering
@dataclass(frozen=True)
class Pair:
    left: int
    right: int = 2

    @property
    def both(self):
        return self.left + self.right

    @classmethod
    def of(cls, left):
        return cls(left)

    @staticmethod
    @cache
    def twice(number):
        return 2 * number

    def __lt__(self, other):
        return self.both < other.both
"""


def source(module: str) -> Path:
    return next(path for folder in SOURCES if (path := ROOT / folder / file(module)).is_file())


def test_what_is_mutated_and_what_is_run_exists() -> None:
    modules = [source(module) for module in MODULES]

    assert [path for path in [*modules, *(ROOT / test for test in TESTS)] if not path.is_file()] == []


def test_the_copy_has_the_projects_settings_and_the_layer_as_src() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    original, copied = tomllib.loads(project)["tool"], tomllib.loads(configuration(project))["tool"]

    assert copied["pytest"]["ini_options"]["pythonpath"][0] == "src"
    assert copied["pytest"]["ini_options"]["filterwarnings"] == original["pytest"]["ini_options"]["filterwarnings"]
    assert copied["mutmut"]["source_paths"] == ["src"]


def test_a_module_without_its_decorators_does_the_same() -> None:
    plain: dict[str, Any] = {}
    exec(undecorated(DECORATED), plain)  # noqa: S102 - the text above
    pair = plain["Pair"]

    assert pair(1) == pair(1, 2) < pair(2)
    assert pair(1) <= pair(1)
    assert (pair.of(5).both, pair.twice(4), pair(1).twice(5)) == (7, 8, 10)
    with pytest.raises(AttributeError):
        pair(1).left = 3


def test_nothing_that_mutmut_would_leave_alone_is_left_in_what_is_mutated() -> None:
    for module in MODULES:
        text = undecorated(source(module).read_text("utf-8"))
        definitions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        decorators = {ast.unparse(decorator) for node in definitions for decorator in node.decorator_list}
        assert decorators <= {"classmethod", "staticmethod"}, module
