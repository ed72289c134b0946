"""What can go wrong at a provider, one request at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class FaultKind(StrEnum):
    """What happens to a request instead of an orderly reply."""

    DROP_REQUEST = "drop-request"
    """Nothing is done and nothing comes back."""
    DROP_REPLY = "drop-reply"
    """The work is done and nothing comes back."""
    SERVER_ERROR = "server-error"
    """Nothing is done, 500."""
    SERVER_ERROR_AFTER_WORK = "server-error-after-work"
    """The work is done, 500."""
    UNAUTHORIZED = "unauthorized"
    """The access token is refused."""
    TOO_MANY_REQUESTS = "too-many-requests"
    """429 with ``Retry-After``."""
    UNAVAILABLE = "unavailable"
    """503 with ``Retry-After``."""
    LATENCY = "latency"
    """The work is done, and the reply comes after ``seconds``."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes:
        route: the name of the route it befalls, or ``*``.
        times: how many requests it befalls.
        seconds: of ``Retry-After``, or of latency.
    """

    kind: FaultKind
    route: str = "*"
    times: int = 1
    seconds: int = 7


class FaultSource(Protocol):
    """Decides about every request."""

    def next_for(self, route: str) -> Fault | None:
        """The fault of this request, or None."""


class PlannedFaults:
    """Faults that were asked for, in that order."""

    def __init__(self) -> None:
        self._planned: list[list[Fault]] = []

    def plan(self, fault: Fault) -> None:
        """Let a fault happen to the next requests that it is meant for."""
        self._planned.append([fault] * fault.times)

    def next_for(self, route: str) -> Fault | None:
        """The first planned fault for the route; it is used up."""
        for faults in self._planned:
            if faults and faults[0].route in ("*", route):
                return faults.pop()
        return None
