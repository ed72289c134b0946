"""Shows the current step, and how long it took."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rich.console import Console


class Progress:
    """Prints steps: with a spinner on a terminal, one line each in a pipe."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock

    @contextmanager
    def step(self, doing: str) -> Generator[None]:
        """Show a step until it ends."""
        started = self._clock()
        if not self._console.is_terminal:
            self.say(f"{doing} ...")
            yield
            return
        with self._console.status(f"{doing} ..."):
            yield
        self.say(f"{doing}: {self._clock() - started:.1f} s")

    def say(self, text: str) -> None:
        """Write a line without wrapping or colour, so that it can be copied."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
