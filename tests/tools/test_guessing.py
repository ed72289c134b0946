"""The tables of guesses in ``docs/security.md`` are those of the code, and no attacker does better."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import pytest

from member_access.throttling.policy import DAYS_PER_YEAR, AttemptPolicy, DailyPolicy
from member_access.values.types import Instant
from tools import guessing
from tools.attackers import at_counter, most_guesses
from tools.guessing import Arithmetic, Guesses, Limits

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
        guessing.written_into(f"# Security\n\n{guessing.BEGIN}\n")


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


def test_every_code_by_email_that_strangers_get_is_tried_until_it_is_void() -> None:
    settings = arithmetic().limits.reset
    a_day = settings.emails_a_day * settings.code_tries
    assert arithmetic().email_code == Guesses(a_day, DAYS_PER_YEAR * a_day)


def test_a_source_makes_no_more_than_its_limit_and_one_more_window_of_it() -> None:
    settings = arithmetic().limits.login
    windows = 86_400 // settings.source_window_seconds
    assert arithmetic().source.a_day <= settings.source_failures * (windows + 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.00061856, "0.00062"),
        (0.001, "0.001"),
        (0.49206, "0.49"),
        (1.0, "1"),
        (10.2, "10"),
        (4619.04, "4,619"),
        (1_000_000.0, "1,000,000"),
    ],
)
def test_numbers_are_written_with_significant_digits(value: float, text: str) -> None:
    assert guessing.number(value) == text
    assert guessing.percentage(value / 100) == (f"{text} %" if value < 100 else "100 %")
