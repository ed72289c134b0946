"""How failures of one source address are limited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.throttling.sources import SlidingWindow
from member_access.values.types import Instant

POLICY = SlidingWindow(most=30, seconds=900)
START = 900 * 2_000_000


@pytest.mark.parametrize(
    ("before", "running", "elapsed", "wait"),
    [
        (0, 0, 0, 0),
        (0, 29, 899, 0),
        (0, 30, 0, 901),
        (0, 30, 899, 2),
        (30, 0, 0, 1),
        (30, 0, 1, 0),
        (60, 0, 0, 451),
        (30, 15, 450, 1),
        (30, 15, 451, 0),
        (0, 60, 0, 1351),
    ],
)
def test_a_source_waits(before: int, running: int, elapsed: int, wait: int) -> None:
    assert POLICY.wait(before, running, Instant(START + elapsed)) == wait


@given(
    before=st.integers(0, 500),
    running=st.integers(0, 500),
    elapsed=st.integers(0, 899),
    failures=st.integers(1, 60),
)
def test_the_wait_is_exactly_as_long_as_it_must_be(before: int, running: int, elapsed: int, failures: int) -> None:
    policy = SlidingWindow(failures, seconds=900)

    def wait_at(moment: int) -> int:
        into_next = moment >= 900
        return policy.wait(running if into_next else before, 0 if into_next else running, Instant(START + moment))

    wait = wait_at(elapsed)
    assert wait >= 0
    if wait:
        assert elapsed + wait < 2 * 900 or running > failures * 900
    if wait and elapsed + wait < 2 * 900:
        assert wait_at(elapsed + wait) == 0
        assert wait_at(elapsed + wait - 1) > 0
