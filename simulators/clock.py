"""The time of the tests: a clock that stands still until a test advances it."""

from __future__ import annotations

from dataclasses import dataclass

from member_access.values.types import Instant

NOON = Instant(1_800_014_400)
"""Noon of a day in January 2027."""


@dataclass
class Clock:
    """A clock that stands still until a test advances it."""

    time: Instant = NOON

    def __call__(self) -> Instant:
        """Return the time."""
        return self.time

    def advance(self, seconds: int) -> None:
        """Advance the clock."""
        self.time = Instant(self.time + seconds)
