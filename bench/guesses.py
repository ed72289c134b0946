"""Counts how many of many wrong guesses at once this service evaluates, on DynamoDB Local."""

from __future__ import annotations

import contextlib
import io
import time
from concurrent.futures import ThreadPoolExecutor

from member_access.values.types import Instant
from simulators import dynamodb_local
from simulators.clock import Clock
from simulators.cloud import Cloud, create_keys, create_tables
from simulators.kms import FakeKms
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor

_MEMBER = "A0000001"


def addresses(number: int, *, different: bool) -> list[str]:
    """Return the addresses of so many guesses."""
    return [f"192.0.2.{one if different else 0}" for one in range(number)]


def pins(number: int) -> list[str]:
    """Return so many wrong PINs."""
    return [f"{one:06}" for one in range(number)]


def evaluated_of(guesses: int, *, different: bool) -> int:
    """Guess a member's PIN so many times at once, each guess from a browser of its own.

    Args:
        guesses: how many.
        different: whether each comes from an address of its own.

    Returns:
        How often a PIN was compared with the member's hash.
    """
    with dynamodb_local.running() as server, contextlib.redirect_stdout(io.StringIO()):
        client, kms = server.client(guesses), FakeKms().client()
        cloud = Cloud(client, kms, create_tables(client, "guesses"), create_keys(kms), Clock(Instant(int(time.time()))))
        door = FrontDoor(cloud, NO_SOURCE_LIMITS, executor=ThreadPoolExecutor(2 * guesses))
        door.add_member(_MEMBER)
        with ThreadPoolExecutor(guesses) as guessing:
            list(
                guessing.map(
                    lambda pin, address: Browser(door, address).sign_in(_MEMBER, pin),
                    pins(guesses),
                    addresses(guesses, different=different),
                )
            )
        return door.argon2.verifications
