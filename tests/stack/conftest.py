"""What tests over HTTP share: one running stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.local_stack import running_stack
from tests.support.stack_members import Members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.local_stack import Stack


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test of this folder is about the deployed stack, or about the process that runs it."""
    item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The real template, deployed to a local cloud, with the sample members."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def members(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Members:
    """Members with the same PIN, half of them without an e-mail address."""
    return Members(stack, tmp_path_factory.mktemp("members"))
