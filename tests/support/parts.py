"""The parts of the tests: what a change needs at once, and the rest by what it takes.

Every test is in exactly one part, which follows from its markers. ``--part quick`` runs that part alone; the end of
the run names what it left out, each with the command that runs it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from _pytest.mark import ParameterSet

PARTS: Final[Mapping[str, str]] = {
    "quick": "what a change needs at once, with nothing but Python",
    "races": "on DynamoDB Local",
    "stack": "on the deployed stack",
    "pages": "of pages in Chromium and Firefox, and of what Node.js and npm make",
    "slow": "with thousands of rounds",
}


def part_of(markers: Collection[str]) -> str:
    """The part that a test is in, by the names of its markers."""
    if "stack" in markers:
        return "stack"
    if "dynamodb-local" in markers:
        return "races"
    if not {"chromium", "firefox", "node", "npm", "webkit"}.isdisjoint(markers):
        return "pages"
    return "slow" if "slow" in markers else "quick"


def part_of_test(item: pytest.Item) -> str:
    """The part that a test is in."""
    return part_of({marker.name for marker in item.iter_markers()})


def quick_and_slow(quick: object, slow: object) -> tuple[object, ParameterSet]:
    """Values of a parameter that says how much a test does: one for the part ``quick``, one for the part ``slow``."""
    return quick, pytest.param(slow, marks=pytest.mark.slow)


ON_DYNAMODB_LOCAL = pytest.mark.parametrize(
    "database",
    [pytest.param("DynamoDB Local", marks=pytest.mark.needs("java", "dynamodb-local"))],
    indirect=True,
)
"""Marks a race that runs on the real DynamoDB Local alone: a crowd of threads takes moto many seconds."""


class Parts:
    """A pytest plugin that runs some parts of the tests.

    Args:
        chosen: the parts to run; all where there are none.
    """

    def __init__(self, chosen: Sequence[str]) -> None:
        self._chosen = chosen or tuple(PARTS)
        self._left_out: Counter[str] = Counter()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out the parts that were not chosen."""
        left_out = [item for item in items if part_of_test(item) not in self._chosen]
        if left_out:
            items[:] = [item for item in items if part_of_test(item) in self._chosen]
            config.hook.pytest_deselected(items=left_out)
        self._left_out = Counter(map(part_of_test, left_out))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the process that started this worker; every worker has collected the same tests."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["parts_left_out"] = dict(self._left_out)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Hear what a worker left out."""
        self._left_out |= Counter(getattr(node, "workeroutput", {}).get("parts_left_out", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the parts that were left out."""
        if not self._left_out:
            return
        terminalreporter.section("Other parts of the tests")
        for part, description in PARTS.items():
            if count := self._left_out[part]:
                terminalreporter.line(f'{count:5} {description}: make test-all ARGS="--part {part}"')
        terminalreporter.line("      all of them: make test-all")
