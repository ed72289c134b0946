"""The letters that a stranger requests make members wait as long as the quota and the limits say."""

from __future__ import annotations

from functools import cache

import pytest

from tools.letter_attack import Stranger, Waits, letter_table, waits
from tools.limits import Limits


@cache
def limits() -> Limits:
    return Limits.of_template()


def test_one_address_delays_no_letter() -> None:
    for have_email in (True, False):
        caused = waits(limits(), Stranger(4_000, have_email, addresses=1))
        assert caused == Waits(limits().reset.source_letters_a_day, without_email=0, with_email=0)


@pytest.mark.parametrize("addresses", [100, 1_000, 10_000])
def test_letters_to_members_with_email_delay_no_letter_to_one_without(addresses: int) -> None:
    caused = waits(limits(), Stranger(4_000, have_email=True, addresses=addresses))
    assert caused.without_email == 0
    assert caused.letters_a_day == limits().letters.letters_a_day // 5


def test_a_quota_that_is_used_up_before_the_sweep_lets_letters_wait_until_they_are_given_up() -> None:
    assert waits(limits(), Stranger(4_000, have_email=False, addresses=1_000)).without_email is None


def test_members_own_limits_bound_the_letters_of_any_number_of_addresses() -> None:
    few = Stranger(40, have_email=False, addresses=10_000)
    # Three letters in each of two months.
    assert waits(limits(), few) == Waits(40 * 6 / 60, without_email=0, with_email=0)


def test_a_letter_that_is_given_up_is_no_number_of_days() -> None:
    assert "| without one | 1,000 | 400 | until the letter is given up |" in letter_table(limits())
