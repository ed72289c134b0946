"""Compares sizes of memory for a function: milliseconds of an answer and of a start, and dollars a million.

Lambda gives processor time in proportion to memory, a whole processor at 1,769 MB (Lambda developer guide, "Configure
Lambda function memory"). A second processor shortens nothing: one thread computes while others wait for AWS.

usage: python -m bench.memory
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.written import COMMITTED
from tools.cost.bill import Duration, architecture, assumption
from tools.cost.prices import Prices
from tools.cost.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.cost.usage import Step

SIZES = (512, 768, 1024, 1280, 1536, 1769, 2048, 3008)
OF_LAMBDA = 2
"""Lambda takes twice as long as the machine of the committed figures (decision 79)."""


@dataclass(frozen=True)
class Work:
    """What is compared.

    Attributes:
        name: in the table.
        step: what was counted.
        start_ms: processor time of a start at Lambda's speed.
        more_ms: processor time at Lambda's speed beside what the costs assume of each invocation.
    """

    name: str
    step: Step
    start_ms: float
    more_ms: float = 0


def works() -> Iterator[Work]:
    """Yield a sign-in and a letter."""
    measured: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
    flows = Usage.read().flows
    starts = {
        function: OF_LAMBDA * sum(one[part]["median"] for part in ("import", "compose"))
        for function, one in measured["start"]["functions"].items()
    }
    (sign_in,) = flows["sign-in"].steps
    yield Work("a sign-in", sign_in, starts[sign_in.function])
    letter = next(step for step in flows["reset by letter"].steps if step.function == "LettersFunction")
    rate = measured["throughput"]["letter"]["a_second_and_processor"]["median"]
    yield Work("a letter", letter, starts[letter.function], OF_LAMBDA * 1000 / rate - assumption("own_ms"))


def rows() -> Iterator[str]:
    """Yield the lines of the table."""
    prices = Prices.read("eu-west-3")
    dollars_a_gb_second = prices.of(f"lambda GB-second {architecture()}")
    yield "| | MB | ms | $ a million for Lambda | ms × $, least = 1 | ms of a start, by the share alone |"
    yield "|---|---:|---:|---:|---:|---:|"
    for work in works():
        lines = []
        for memory in SIZES:
            slower = max(1.0, assumption("whole_processor_mb") / memory)
            counted, more = Duration.of(work.step, memory), work.more_ms * slower / 1000
            seconds = counted.seconds + more
            gb_seconds = counted.gb_seconds + more * counted.gb_seconds / counted.seconds
            dollars = 1e6 * (prices.of("lambda request") + gb_seconds * dollars_a_gb_second)
            lines.append((memory, 1000 * seconds, dollars, work.start_ms * slower))
        least = min(milliseconds * dollars for _, milliseconds, dollars, _ in lines)
        for memory, milliseconds, dollars, start in lines:
            product = milliseconds * dollars / least
            yield f"| {work.name} | {memory:,} | {milliseconds:,.0f} | {dollars:,.2f} | {product:.2f} | {start:,.0f} |"


if __name__ == "__main__":
    print("\n".join(rows()))
