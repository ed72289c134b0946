"""Calls that all start together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def all_at_once(calls: list[Callable[[], Result]]) -> list[Result]:
    """Make calls in as many threads, none of which starts before all are ready."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], Result]) -> Result:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(start, calls))
