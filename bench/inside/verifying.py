"""Measures bare verifications by the argon2 that is on the path."""

from __future__ import annotations

import json
import sys
import time


def verifications(cost: tuple[int, int, int], times: int) -> list[float]:
    """Verify a PIN's hash some times.

    Args:
        cost: memory in KiB, passes, lanes.
        times: how often.

    Returns:
        Processor seconds of each.
    """
    from argon2 import PasswordHasher  # noqa: PLC0415 - the path is complete only now

    memory, passes, lanes = cost
    hasher = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes)
    stored, seconds = hasher.hash(b"0" * 32), []
    for _ in range(times):
        began = time.process_time()
        hasher.verify(stored, b"0" * 32)
        seconds.append(time.process_time() - began)
    return seconds


def main() -> None:
    """Answer questions until standard input ends."""
    for line in sys.stdin:
        question = json.loads(line)
        question.pop("do")
        print(json.dumps(verifications(**question)), flush=True)
