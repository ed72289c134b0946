"""What the flows use, as counted by ``tests/support/counted_flows.py`` and committed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.consumption import RRU, WRU

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTED = Path(__file__).parent / "counted.json"
"""Written by ``REWRITE_COUNTS=1 make test ARGS=tests/flows/test_consumption.py``."""
COUNTED_BEFORE = Path(__file__).parent / "counted-ad111e0.json"
"""The same counts at commit ad111e0, by the same rules."""


@dataclass(frozen=True)
class Step:
    """One call of the API, or the work of one function behind a queue.

    Attributes:
        function: its logical name.
        requests: requests of the API.
        invocations: of the function.
        counts: request units and calls of AWS, by name.
        writes: write units by write and kind of item.
        log_events: lines of the function's log, without those of Lambda itself.
        log_bytes: their length.
        answer_bytes: of the answers, headers included.
        hops: AWS calls in sequence.
        argon2: hashes and verifications.
        provider_calls: requests to the print provider.
    """

    name: str
    function: str
    requests: int
    invocations: int
    counts: Mapping[str, int]
    writes: Mapping[str, int]
    log_events: int
    log_bytes: int
    answer_bytes: int
    hops: int
    argon2: int
    provider_calls: int


@dataclass(frozen=True)
class Flow:
    """All steps of one thing that a member does."""

    name: str
    steps: tuple[Step, ...]

    @property
    def counts(self) -> Counter[str]:
        """The request units and calls of all steps."""
        return sum((Counter(step.counts) for step in self.steps), Counter())

    @property
    def requests(self) -> int:
        """The requests of the API."""
        return sum(step.requests for step in self.steps)

    @property
    def rru(self) -> int:
        """Read request units."""
        return self.counts[RRU]

    @property
    def wru(self) -> int:
        """Write request units."""
        return self.counts[WRU]

    def calls(self, service: str) -> int:
        """Count the calls of a service other than DynamoDB."""
        return sum(count for name, count in self.counts.items() if name.startswith(f"{service}:"))


@dataclass(frozen=True)
class Usage:
    """What was counted.

    Attributes:
        flows: by name.
        member_bytes: the size of a member in the Members table, with the pointer from the identity.
    """

    flows: Mapping[str, Flow]
    member_bytes: int

    @classmethod
    def read(cls, path: Path = COUNTED) -> Usage:
        """Read a file of counts."""
        body = json.loads(path.read_text(encoding="utf-8"))
        flows = {name: Flow(name, tuple(Step(**step) for step in steps)) for name, steps in body["flows"].items()}
        return cls(flows, body["member_bytes"])
