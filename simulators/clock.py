"""The time of the tests: it stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass

from member_access.values.types import Instant

NOON = Instant(1_800_014_400)
"""Noon of a day in January 2027."""


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    time: Instant = NOON

    def __call__(self) -> Instant:
        """Return the time."""
        return self.time

    def advance(self, seconds: int) -> None:
        """Let time go by."""
        self.time = Instant(self.time + seconds)
