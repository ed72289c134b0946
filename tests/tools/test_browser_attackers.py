"""What a PIN has earned ends with it: no earlier sign-in gives a guess at a later PIN."""

from __future__ import annotations

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from member_access.sessions.sign_ins import MOST_BROWSERS
from tools.attackers import at_counter
from tools.browser_attackers import at_a_new_pin, in_known_browsers
from tools.limits import Guesses, Limits

LOGIN = Limits.of_template().login


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 200))
def test_any_number_of_earlier_sign_ins_gives_no_guess_at_a_new_pin(sign_ins: int) -> None:
    stranger = Guesses.of(partial(at_counter, LOGIN.attempt_policy))
    assert Guesses.of(partial(at_a_new_pin, LOGIN, sign_ins)) == stranger == Guesses(3, 10, 10)


def test_all_known_browsers_together_have_one_limit_and_unknown_ones_another() -> None:
    in_a_row, of_anyone = LOGIN.known_browsers_consecutive_failures, LOGIN.pin_consecutive_failures
    free = MOST_BROWSERS * LOGIN.pin_free_attempts
    guesses = Guesses.of(partial(in_known_browsers, LOGIN))
    assert guesses.a_day == guesses.a_year == in_a_row + of_anyone
    assert guesses.at_once == min(free, in_a_row) + LOGIN.pin_free_attempts


def test_a_member_who_always_succeeds_forgives_a_hundred_in_both() -> None:
    guesses = Guesses.of(partial(in_known_browsers, LOGIN, forgiven=True))
    assert guesses.a_day == LOGIN.known_browsers_failures_in_a_year + LOGIN.pin_failures_in_a_year
    # The year is counted by days: 365 days from the last second of one reach into the 366th.
    assert guesses.a_year == 2 * guesses.a_day
