"""``docs/members.md`` repeats what the commands print."""

from __future__ import annotations

import re

import pytest

from ops.desk import ExitStatus
from ops.forget_command import GOES, REMAINS
from simulators.template import ROOT

PAGE = (ROOT / "docs" / "members.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("sentence", [*GOES, *REMAINS])
def test_what_an_erasure_says_is_on_the_page(sentence: str) -> None:
    assert f"\n- {sentence}\n" in PAGE


def test_every_exit_status_is_on_the_page() -> None:
    assert {int(number) for number in re.findall(r"^\| (\d+) \|", PAGE, flags=re.MULTILINE)} == set(ExitStatus)
