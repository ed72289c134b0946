"""``make mutation`` mutates modules that there are, runs tests that there are, in a copy laid out as mutmut wants."""

from __future__ import annotations

import tomllib

from tests.support.template import ROOT
from tools.mutation import LAYER, MODULES, TESTS, configuration


def test_what_is_mutated_and_what_is_run_exists() -> None:
    modules = [ROOT / LAYER / "member_access" / f"{module}.py" for module in MODULES]

    assert [path for path in [*modules, *(ROOT / test for test in TESTS)] if not path.is_file()] == []


def test_the_copy_has_the_projects_settings_with_the_layer_at_its_other_place() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    original, copied = tomllib.loads(project)["tool"], tomllib.loads(configuration(project))["tool"]

    assert copied["pytest"]["ini_options"]["pythonpath"][0] == "src"
    assert copied["pytest"]["ini_options"]["filterwarnings"] == original["pytest"]["ini_options"]["filterwarnings"]
    assert copied["mutmut"]["source_paths"] == ["src"]
