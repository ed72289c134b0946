"""The tables of guesses in ``docs/security.md`` are those of the code, and no attacker does better."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import pytest

from member_access.throttling.policy import DAYS_PER_YEAR, AttemptPolicy, DailyPolicy
from member_access.values.types import Instant
from tools import guessing
from tools.attackers import at_counter, at_emailed_codes, most_guesses
from tools.guessing import Arithmetic
from tools.limits import Guesses, Limits
from tools.sections import begin, written_into

if TYPE_CHECKING:
    from member_access.throttling.policy import Policy

HOUR = 3600


@cache
def arithmetic() -> Arithmetic:
    return Arithmetic(Limits.of_template())


@pytest.mark.slow
def test_the_committed_tables_are_those_that_the_policies_give() -> None:
    committed = guessing.TARGET.read_text(encoding="utf-8")
    assert guessing.written_into(committed) == committed, "run: make guessing"


def test_tables_without_a_place_are_refused_with_what_is_missing() -> None:
    with pytest.raises(SystemExit, match="one of these marks is missing"):
        written_into(f"# Security\n\n{begin(guessing.COMMAND, 'guesses')}\n", guessing.COMMAND, {"guesses": "| |"})


@pytest.mark.parametrize(
    ("policy", "guesses"),
    [
        (AttemptPolicy(3, 60, 3600, consecutive_failures=None, failures_in_a_year=None), 9),
        (AttemptPolicy(3, 60, 60, consecutive_failures=None, failures_in_a_year=None), 3 + 119),
        (AttemptPolicy(3, 60, 3600, consecutive_failures=5, failures_in_a_year=None), 5),
        (AttemptPolicy(3, 60, 3600, consecutive_failures=None, failures_in_a_year=4), 4),
        (DailyPolicy(a_day=3, in_all=10), 6),
        (DailyPolicy(a_day=3, in_all=5), 5),
    ],
    ids=["doubling", "always a minute", "in a row", "in a year", "both sides of midnight", "in all"],
)
def test_an_attacker_takes_every_guess_that_a_policy_allows_in_two_hours(policy: Policy, guesses: int) -> None:
    assert most_guesses(partial(at_counter, policy), 2 * HOUR) == guesses


def test_a_guess_at_the_end_is_not_made() -> None:
    policy = AttemptPolicy(1, 60, 3600, consecutive_failures=None, failures_in_a_year=None)
    assert at_counter(policy, Instant(0), Instant(60)) == 1
    assert at_counter(policy, Instant(0), Instant(61)) == 2


def test_a_year_is_counted_by_days_so_its_ends_give_the_limit_twice() -> None:
    policy = AttemptPolicy(3, 60, 3600, consecutive_failures=None, failures_in_a_year=4)
    attack = Guesses.of(partial(at_counter, policy, forgiven=True))
    assert (attack.a_day, attack.a_year) == (4, 8)


def test_many_addresses_guess_no_more_than_all_members_allow_together() -> None:
    rows = {(one.secret, one.way): one.guesses for one in arithmetic().spraying()}
    one, many = rows["PIN", "one IPv4 address, or an IPv6 /64"], rows["PIN", "10,000 IPv4 addresses"]
    assert many == Guesses(10_000 * one.at_once, 10**6 * arithmetic().pin.a_day, 10**6 * arithmetic().pin.a_year)


def test_every_code_by_email_that_strangers_get_is_tried_until_it_is_void() -> None:
    reset, guesses = arithmetic().limits.reset, arithmetic().email_code
    a_day = reset.emails_a_day * reset.code_tries
    assert guesses == Guesses(reset.code_tries, a_day, DAYS_PER_YEAR * a_day)


def test_known_browsers_get_more_codes_up_to_a_limit_for_all() -> None:
    reset = arithmetic().limits.reset
    guesses = Guesses.of(partial(at_emailed_codes, reset.reset_policy, known_browsers=True))
    assert guesses.a_day == reset.emails_a_day_in_all * reset.code_tries
