"""The parallel map over a stream."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bulk_import.bounded_map import bounded_map

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_every_item_comes_back_with_its_result() -> None:
    with ThreadPoolExecutor(4) as executor:
        results = dict(bounded_map(executor, lambda number: number * 2, range(100), limit=8))
    assert results == {number: number * 2 for number in range(100)}


def test_no_more_items_are_taken_than_can_be_under_way() -> None:
    taken, finished = 0, 0
    most = 0

    def items() -> Iterator[int]:
        nonlocal taken, most
        for number in range(50):
            taken += 1
            most = max(most, taken - finished)
            yield number

    with ThreadPoolExecutor(4) as executor:
        for _ in bounded_map(executor, lambda _: None, items(), limit=8):
            finished += 1
    assert finished == 50
    assert most <= 9


def test_the_first_error_ends_it_and_what_has_not_begun_is_cancelled() -> None:
    begun = set()
    ended = threading.Event()

    def work(number: int) -> None:
        begun.add(number)
        if number == 1:
            raise LookupError
        ended.wait()

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(LookupError):
            list(bounded_map(executor, work, range(1, 6), limit=5))
        ended.set()
    assert begun <= {1, 2}
