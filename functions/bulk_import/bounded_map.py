"""Maps a function in parallel over a stream of any length."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def bounded_map(
    executor: Executor, function: Callable[[_Item], _Result], items: Iterable[_Item], *, limit: int
) -> Iterator[tuple[_Item, _Result]]:
    """Call a function for each item in the executor's threads, for at most ``limit`` items at once.

    The calling thread takes the items one by one. The first error is raised here and cancels waiting calls.

    Yields:
        Items with their results, in the order in which they are ready.
    """
    under_way: dict[Future[_Result], _Item] = {}
    try:
        for item in items:
            under_way[executor.submit(function, item)] = item
            if len(under_way) >= limit:
                yield from _ready(under_way)
        while under_way:
            yield from _ready(under_way)
    finally:
        for future in under_way:
            future.cancel()


def _ready(under_way: dict[Future[_Result], _Item]) -> Iterator[tuple[_Item, _Result]]:
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for future in done:
        yield under_way.pop(future), future.result()
