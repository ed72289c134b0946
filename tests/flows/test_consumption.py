"""The committed counts of calls, units and bytes are those of the flows."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.support.counted_flows import FLOWS, counted, member_bytes
from tools.cost.usage import COUNTED

if TYPE_CHECKING:
    from simulators.cloud import Cloud

AGAIN = "run: REWRITE_COUNTS=1 make test ARGS=tests/flows/test_consumption.py, then make cost"


@pytest.mark.parametrize("flow", FLOWS)
def test_the_committed_counts_are_those_of_the_flow(cloud: Cloud, flow: str) -> None:
    found = counted(cloud, flow)
    committed = json.loads(COUNTED.read_text(encoding="utf-8"))
    if os.environ.get("REWRITE_COUNTS"):
        committed["flows"][flow] = found
        _write(committed)
    assert committed["flows"][flow] == found, AGAIN


def test_the_committed_size_of_a_member_is_that_in_the_table(cloud: Cloud) -> None:
    found = member_bytes(cloud)
    committed = json.loads(COUNTED.read_text(encoding="utf-8"))
    if os.environ.get("REWRITE_COUNTS"):
        committed["member_bytes"] = found
        _write(committed)
    assert committed["member_bytes"] == found, AGAIN


def test_no_count_is_left_of_a_flow_that_is_gone() -> None:
    assert json.loads(COUNTED.read_text(encoding="utf-8"))["flows"].keys() == FLOWS.keys()


def _write(committed: dict[str, object]) -> None:
    COUNTED.write_text(json.dumps(committed, indent=1) + "\n", encoding="utf-8")
