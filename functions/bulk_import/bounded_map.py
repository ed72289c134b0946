"""Calls a function in parallel over a stream of any length."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def bounded_map(
    executor: Executor,
    function: Callable[[_Item], _Result],
    items: Iterable[_Item],
    *,
    limit: int,
    done: Callable[[_Result], None],
) -> None:
    """Call a function for each item in the executor's threads, for at most ``limit`` items at once.

    The calling thread takes the items one by one. The first error, of a call or of the calling thread, ends it: waiting
    calls are cancelled, and those under way are finished.

    Args:
        executor: runs the calls.
        function: what to call.
        items: what to call it with.
        limit: the calls under way at once.
        done: receives every result in the calling thread, also of calls that end after an error.
    """
    under_way: set[Future[_Result]] = set()
    try:
        for item in items:
            under_way.add(executor.submit(function, item))
            if len(under_way) >= limit:
                _take_ready(under_way, done)
        while under_way:
            _take_ready(under_way, done)
    finally:
        for future in under_way:
            future.cancel()
        wait(under_way)
        for future in under_way:
            if not future.cancelled() and not future.exception():
                done(future.result())


def _take_ready(under_way: set[Future[_Result]], done: Callable[[_Result], None]) -> None:
    ready, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for future in ready:
        under_way.remove(future)
        done(future.result())
