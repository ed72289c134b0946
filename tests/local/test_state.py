"""One stack at a time runs from a state folder, and leaves nothing there that others would believe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from local.errors import AlreadyRunning
from local.state import StateFolder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_stack_is_refused_while_the_first_one_runs(tmp_path: Path) -> None:
    with (
        StateFolder(tmp_path).in_use(),
        pytest.raises(AlreadyRunning, match="Stop it first"),
        StateFolder(tmp_path).in_use(),
    ):
        pass

    with StateFolder(tmp_path).in_use():
        pass


def test_what_is_published_is_there_for_as_long_as_it_is_true(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)

    with state.in_use():
        with state.published(state.stack_file, {"api_url": "http://localhost:8080/v1"}):
            assert json.loads(state.stack_file.read_text()) == {"api_url": "http://localhost:8080/v1"}

        assert not state.stack_file.exists()


def test_leftovers_of_a_killed_stack_are_gone_before_the_next_start(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.stack_file.write_text("{}")
    state.cloud_file.write_text("{}")
    state.scratch.mkdir()
    (state.scratch / "leftover").write_text("")

    with state.in_use():
        assert not state.stack_file.exists()
        assert not state.cloud_file.exists()
        assert list(state.scratch.iterdir()) == []
