"""Each drill of an operator ends as its page says, and would notice a step that is left out."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

import pytest

from ops.restored_tables import RestoredTables
from tools.drills import restore
from tools.drills.__main__ import DRILLS, TARGET, output_in, sentences
from tools.drills.local_stage import LocalStage
from tools.drills.mocked_stage import MockedStage

if TYPE_CHECKING:
    from member_access.values.types import Instant
    from simulators.cloud import Cloud


class ForgetsTheVersions(RestoredTables):
    """A restore that leaves the credential versions as they were."""

    def raise_versions(self, table: str, now: Instant) -> int:  # noqa: ARG002 - as the operator's command has it
        """Raise none."""
        return 0


@pytest.mark.parametrize("name", DRILLS)
def test_all_sentences_are_true_and_the_page_shows_them(cloud: Cloud, name: str) -> None:
    said: list[str] = []
    with contextlib.redirect_stdout(io.StringIO()):
        stage = MockedStage(cloud, said.append)
        DRILLS[name](stage)
    assert stage.failed == []
    checked = sentences(said)
    assert len(checked) >= 10
    shown = output_in(TARGET.read_text(encoding="utf-8"), name)
    assert sentences(shown) == checked, "run: python -m tools.drills --write"
    assert shown[-1].endswith(LocalStage.where + ".")


def test_without_raised_versions_the_former_access_table_lives_again(cloud: Cloud) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        stage = MockedStage(cloud, lambda _: None, ForgetsTheVersions)
        restore.play(stage)
    assert stage.failed == [restore.NO_ONE_WAITS]


def test_a_sentence_that_is_not_true_fails_the_drill(cloud: Cloud) -> None:
    said: list[str] = []
    stage = MockedStage(cloud, said.append)
    stage.check("water flows uphill", is_true=False)
    assert (stage.failed, said) == (["water flows uphill"], ["  FAIL  water flows uphill"])
