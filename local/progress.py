"""Shows what is being done, and how long it took."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rich.console import Console


class Progress:
    """Steps on a terminal with a spinner, in a pipe with a line each."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock

    @contextmanager
    def step(self, doing: str) -> Generator[None]:
        """Show a step for as long as it takes."""
        started = self._clock()
        if not self._console.is_terminal:
            self.say(f"{doing} ...")
            yield
            return
        with self._console.status(f"{doing} ..."):
            yield
        self.say(f"{doing}: {self._clock() - started:.1f} s")

    def say(self, text: str) -> None:
        """Write a line, as it is: not wrapped, not coloured, so that it can be copied."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
