"""Being asked to stop is remembered."""

from __future__ import annotations

import pytest

from local.errors import Stopped
from local.stopping import StopRequest


def test_it_is_not_asked_to_stop_at_first() -> None:
    stop = StopRequest()

    assert not stop.wait(0)
    stop.check()


def test_a_request_is_remembered_by_everyone_who_looks() -> None:
    stop = StopRequest()

    stop.request()

    assert stop.wait(0)
    assert stop.wait(0)
    with pytest.raises(Stopped):
        stop.check()


def test_asking_very_often_does_not_block() -> None:
    stop = StopRequest()

    for _ in range(100_000):
        stop.request()

    assert stop.wait(0)
