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
        results: list[int] = []
        bounded_map(executor, lambda number: number * 2, range(100), limit=8, done=results.append)
    assert sorted(results) == [number * 2 for number in range(100)]


def test_no_more_items_are_taken_than_can_be_under_way() -> None:
    taken, finished = 0, 0
    most = 0

    def items() -> Iterator[int]:
        nonlocal taken, most
        for number in range(50):
            taken += 1
            most = max(most, taken - finished)
            yield number

    def done(_: None) -> None:
        nonlocal finished
        finished += 1

    with ThreadPoolExecutor(4) as executor:
        bounded_map(executor, lambda _: None, items(), limit=8, done=done)
    assert finished == 50
    assert most <= 9


def test_the_first_error_ends_it_and_what_has_not_begun_is_cancelled() -> None:
    begun: set[int] = set()

    def work(number: int) -> int:
        begun.add(number)
        if number == 1:
            raise LookupError
        return number

    with ThreadPoolExecutor(1) as executor, pytest.raises(LookupError):
        bounded_map(executor, work, range(1, 6), limit=5, done=lambda _: None)
    assert begun <= {1, 2}


def test_calls_under_way_at_an_error_are_finished_and_counted() -> None:
    both_begun = threading.Barrier(2)
    results: list[int] = []

    def work(number: int) -> int:
        both_begun.wait()
        if number == 1:
            raise LookupError
        return number

    with ThreadPoolExecutor(2) as executor, pytest.raises(LookupError):
        bounded_map(executor, work, (1, 2), limit=2, done=results.append)
    assert results == [2]


def test_an_error_of_the_caller_leaves_no_result_out() -> None:
    results: list[int] = []

    def items() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as executor, pytest.raises(KeyboardInterrupt):
        bounded_map(executor, lambda number: number, items(), limit=5, done=results.append)
    assert results in ([1], [])
