"""Faults of a provider, one request at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class FaultKind(StrEnum):
    """Replaces the normal response to a request."""

    DROP_REQUEST = "drop-request"
    """No work, no response."""
    DROP_REPLY = "drop-reply"
    """Work, but no response."""
    SERVER_ERROR = "server-error"
    """No work, 500."""
    SERVER_ERROR_AFTER_WORK = "server-error-after-work"
    """Work, but 500."""
    UNAUTHORIZED = "unauthorized"
    """The access token is refused."""
    TOO_MANY_REQUESTS = "too-many-requests"
    """429 with ``Retry-After``."""
    UNAVAILABLE = "unavailable"
    """503 with ``Retry-After``."""
    LATENCY = "latency"
    """Work, and a response after ``seconds``."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes:
        route: the name of the affected route, or ``*``.
        times: the number of affected requests.
        seconds: of ``Retry-After``, or of latency.
    """

    kind: FaultKind
    route: str = "*"
    times: int = 1
    seconds: int = 7


class FaultSource(Protocol):
    """Chooses the fault of every request."""

    def next_for(self, route: str) -> Fault | None:
        """The fault of this request, if any."""


class PlannedFaults:
    """Returns planned faults in their order."""

    def __init__(self) -> None:
        self._planned: list[list[Fault]] = []

    def plan(self, fault: Fault) -> None:
        """Plan a fault for the next requests to its route."""
        self._planned.append([fault] * fault.times)

    def next_for(self, route: str) -> Fault | None:
        """Use up the first planned fault for the route."""
        for faults in self._planned:
            if faults and faults[0].route in ("*", route):
                return faults.pop()
        return None
