"""Every test is in one part, and a run names the parts that it leaves out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.support.parts import PARTS, Parts, part_of, quick_and_slow
from tests.support.tools import NeededTools, Tool

if TYPE_CHECKING:
    from collections.abc import Sequence

pytest_plugins = ["pytester"]

TOOLS = {name: Tool(name, f"install {name}", lambda: True) for name in ("chromium", "dynamodb-local", "java", "npm")}
FIXTURES = {"database": ("java", "dynamodb-local")}
ONE_OF_EACH = """
    import pytest

    @pytest.fixture
    def database():
        pass

    def test_quick():
        pass

    @pytest.mark.slow
    def test_slow():
        pass

    @pytest.mark.slow
    def test_race(database):
        pass

    @pytest.mark.needs("npm")
    def test_page():
        pass

    @pytest.mark.stack
    @pytest.mark.needs("chromium")
    def test_journey():
        pass
"""


def run(pytester: pytest.Pytester, *arguments: str, parts: Sequence[str] = ()) -> pytest.RunResult:
    pytester.makeini("[pytest]\nmarkers =\n    slow\n    stack\n")
    pytester.makepyfile(ONE_OF_EACH)
    plugins = [NeededTools(TOOLS, FIXTURES, require_all=True), Parts(parts)]
    return pytester.runpytest_inprocess("--strict-markers", "-p", "no:xdist", *arguments, plugins=plugins)


@pytest.mark.parametrize(
    ("markers", "part"),
    [
        ((), "quick"),
        (("parametrize", "enable_socket"), "quick"),
        (("slow",), "slow"),
        (("java", "dynamodb-local", "slow"), "races"),
        (("chromium",), "pages"),
        (("npm",), "pages"),
        (("node",), "pages"),
        (("stack", "chromium"), "stack"),
    ],
)
def test_the_part_of_a_test_follows_from_its_markers(markers: tuple[str, ...], part: str) -> None:
    assert part_of(markers) == part


def test_without_a_choice_every_test_runs(pytester: pytest.Pytester) -> None:
    result = run(pytester)

    result.assert_outcomes(passed=5)
    result.stdout.no_fnmatch_line("*Other parts*")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_runs_alone(pytester: pytest.Pytester, part: str) -> None:
    run(pytester, parts=[part]).assert_outcomes(passed=1, deselected=4)


def test_the_end_of_a_run_names_the_other_parts_and_their_commands(pytester: pytest.Pytester) -> None:
    result = run(pytester, parts=["quick", "pages"])

    result.assert_outcomes(passed=2, deselected=3)
    result.stdout.fnmatch_lines(
        [
            "*Other parts of the tests*",
            '    1 on DynamoDB Local: make test-all ARGS="--part races"',
            '    1 on the deployed stack: make test-all ARGS="--part stack"',
            '    1 with thousands of rounds: make test-all ARGS="--part slow"',
            "*2 passed*",
        ]
    )


def test_a_need_is_a_marker_too(pytester: pytest.Pytester) -> None:
    run(pytester, "-m", "java").assert_outcomes(passed=1, deselected=4)


def test_what_the_workers_left_out_is_counted_once() -> None:
    parts = Parts(["quick"])
    for _ in range(2):
        parts.pytest_testnodedown(SimpleNamespace(workeroutput={"parts_left_out": {"slow": 3}}))
    lines: list[str] = []
    reporter = SimpleNamespace(section=lines.append, line=lines.append)

    parts.pytest_terminal_summary(reporter)  # type: ignore[arg-type]  # the two methods that it calls

    assert '    3 with thousands of rounds: make test-all ARGS="--part slow"' in lines


@pytest.mark.parametrize("rounds", quick_and_slow(2, 1000))
def test_a_test_has_a_few_rounds_in_the_quick_part_and_all_in_the_slow_one(
    rounds: int, request: pytest.FixtureRequest
) -> None:
    assert part_of({marker.name for marker in request.node.iter_markers()}) == ("quick" if rounds == 2 else "slow")
