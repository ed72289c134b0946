"""From one network no order of guesses, and no burst, gives more than the limits of its window and its day."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.throttling.policy import SECONDS_PER_DAY
from member_access.throttling.sources import SlidingWindow, SourcePolicy
from member_access.values.types import Instant
from tools.limits import Guesses, Limits
from tools.source_attackers import Spray, from_network, when_a_window_ends

POLICY = Limits.of_template().login.source_policy
WINDOWS_A_DAY = SECONDS_PER_DAY // POLICY.seconds


def one_after_the_other(window: SlidingWindow, start: int, end: int) -> int:
    """Count the claims of a source that makes each as soon as it is allowed."""
    claims: Counter[int] = Counter()
    now = start
    while now < end:
        number = now // window.seconds
        while not (wait := window.wait(claims[number - 1], claims[number], Instant(now))):
            claims[number] += 1
        now += wait
    return claims.total()


@pytest.mark.parametrize("network", range(len(POLICY.windows)))
def test_a_burst_from_a_network_gets_no_more_than_its_limit(network: int) -> None:
    most = POLICY.windows[network].most
    guesses = Guesses.of(partial(from_network, POLICY, network, Spray()))
    assert guesses.at_once == most
    assert guesses.a_day == most * (WINDOWS_A_DAY + 1), "a day reaches into one window more"


@given(st.integers(1, 8), st.integers(1, 60), st.integers(0, 200), st.integers(1, 500))
def test_bursts_in_last_seconds_are_the_best_attack(most: int, seconds: int, start: int, lasts: int) -> None:
    policy = SourcePolicy((SlidingWindow(most, seconds),), {"emails": (1,)})
    end = Instant(start + lasts)
    bursts = from_network(policy, 0, Spray(), Instant(start), end)
    assert one_after_the_other(policy.windows[0], start, end) <= bursts
    assert bursts <= most * ((end - 1) // seconds - start // seconds + 1)


@pytest.mark.parametrize(("tries", "guesses"), [(0, 1), (5, 5)], ids=["a search", "a code"])
def test_requests_that_cause_emails_end_with_the_share_of_the_day(tries: int, guesses: int) -> None:
    emails, *_ = POLICY.a_day["emails"]
    attack = Guesses.of(partial(from_network, POLICY, 0, Spray(tries)))
    assert attack.a_day == 2 * emails * guesses, "24 hours reach into two days"
    assert attack.a_year == 366 * emails * guesses


def test_a_request_takes_a_claim_from_its_guesses() -> None:
    policy = SourcePolicy((SlidingWindow(8, 60),), {"emails": (100,)})
    assert from_network(policy, 0, Spray(3), Instant(0), Instant(1)) == 6


def test_claims_under_way_at_the_end_of_a_window_are_not_seen() -> None:
    assert when_a_window_ends(SlidingWindow(30, 900)) == 60
