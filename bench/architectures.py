"""Compares what Lambda takes for a sign-in on its two processors: milliseconds, and dollars a million.

usage: python -m bench.architectures
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.cost.bill import Duration, assumption
from tools.cost.prices import Prices
from tools.cost.usage import COUNTED, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEEL_MS = 45
"""One verification by the wheel's engine on x86_64 at Lambda's speed (``tools/cost/assumptions.json``)."""
# The time of one verification, of the wheel's on x86_64. Published figures for Lambda have the two processors within a
# tenth of each other for code that uses no vectors, so that of ref.c by bench.engines stands for arm64.
ENGINES = {
    ("arm64", "ref.c, the only one"): 1.14,
    ("x86_64", "the wheel's, SSE2"): 1.0,
    ("x86_64", "the layer's, AVX2"): 0.54,
}


def rows() -> Iterator[str]:
    """Yield the lines of the table."""
    (step,) = Usage.read(COUNTED).flows["sign-in"].steps
    prices = Prices.read("eu-west-3")
    yield "| processor | engine | argon2 | a sign-in | $ a million for Lambda | price by time, arm64 = 1 |"
    yield "|---|---|---:|---:|---:|---:|"
    products = []
    counted = Duration.of(step)
    for (processor, engine), ratio in ENGINES.items():
        argon2 = WHEEL_MS * ratio
        seconds = counted.seconds + (argon2 - assumption("argon2_ms")) / 1000
        gb_seconds = counted.gb_seconds * seconds / counted.seconds
        dollars = 1e6 * (prices.of("lambda request") + gb_seconds * prices.of(f"lambda GB-second {processor}"))
        products.append(seconds * dollars)
        product = products[-1] / products[0]
        yield f"| {processor} | {engine} | {argon2:.0f} ms | {1000 * seconds:.0f} ms | {dollars:.2f} | {product:.2f} |"


if __name__ == "__main__":
    print("\n".join(rows()))
