"""A pytest plugin for mutmut 3.7, which asks tests for ``_nodeid``; pytest 9.1 no longer has that private name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test the name by which mutmut remembers what it covers."""
    for item in items:
        item._nodeid = item.nodeid  # type: ignore[attr-defined]  # noqa: SLF001 - see above
