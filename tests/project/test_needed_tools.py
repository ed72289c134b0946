"""Tests whose tool is missing are left out loudly, and never where everything is required."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.tools import NeededTools, Tool

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["pytester"]

TOOLS = {
    "hammer": Tool("a hammer", "apt-get install hammer", lambda: False),
    "wrench": Tool("a wrench", "apt-get install wrench", lambda: True),
}
TEST_THAT_NEEDS_A_HAMMER = """
    import pytest

    @pytest.mark.needs("hammer", "wrench")
    def test_nail():
        raise AssertionError("must not run without a hammer")

    @pytest.mark.needs("wrench")
    def test_bolt():
        pass
"""


def run(pytester: pytest.Pytester, source: str, *, require_all: bool) -> pytest.RunResult:
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess(plugins=[NeededTools(TOOLS, require_all=require_all)])


def test_a_test_whose_tool_is_missing_is_left_out_and_the_others_run(pytester: pytest.Pytester) -> None:
    result = run(pytester, TEST_THAT_NEEDS_A_HAMMER, require_all=False)

    result.assert_outcomes(passed=1, skipped=1)


def test_the_end_of_the_run_names_missing_tools_and_their_commands(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester, TEST_THAT_NEEDS_A_HAMMER, require_all=False)

    result.stdout.fnmatch_lines(["*Left out*", "1 test for want of a hammer (apt-get install hammer)", "*1 passed*"])


def test_a_run_that_leaves_nothing_out_does_not_speak_of_it(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_nothing(): pass", require_all=False)

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*Left out*")


def test_where_everything_is_required_a_missing_tool_is_an_error(pytester: pytest.Pytester) -> None:
    result = run(pytester, TEST_THAT_NEEDS_A_HAMMER, require_all=True)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*needs a hammer (apt-get install hammer)*"])
    assert result.ret != 0


def test_where_everything_is_required_any_other_skip_fails_too(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        def test_shy():
            pytest.skip("not today")

        @pytest.mark.skip(reason="nor tomorrow")
        def test_shier():
            pass
        """,
        require_all=True,
    )

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["*nothing may be: not today*"])
    assert result.ret != 0


def test_where_everything_is_required_a_module_that_skips_itself_fails_too(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
        import pytest

        pytest.skip("a whole module", allow_module_level=True)
        """,
        require_all=True,
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*nothing may be: a whole module*"])
    assert result.ret != 0


def test_an_expected_failure_did_run_and_is_no_skip(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.xfail(reason="known")
        def test_known():
            raise AssertionError
        """,
        require_all=True,
    )

    result.assert_outcomes(xfailed=1)
    assert result.ret == 0
