"""Sieges are played as a stranger would lay them, and as long as they can last."""

from __future__ import annotations

import math

import pytest

from member_access.recovery.codes import Channel
from member_access.recovery.policy import KnownBrowserId, ResetPolicy
from member_access.throttling.counters import KEPT_SECONDS
from member_access.throttling.policy import SECONDS_PER_DAY, AttemptPolicy, DailyPolicy
from member_access.throttling.sources import SlidingWindow
from member_access.values.types import Instant
from tools.lockout import AtCounter, AtLetter, AtRequests, AtSource, Outcome, outcome

HOUR, DAY = 3600, SECONDS_PER_DAY
RESETS = ResetPolicy(
    email_code=600,
    email_tries=5,
    email_interval=60,
    emails_a_day=5,
    emails_a_day_in_all=15,
    letter_code=21 * DAY,
    letter_interval=8 * DAY,
    letters_a_month=3,
)
ONLY_WAITS = AttemptPolicy(3, 60, HOUR, consecutive_failures=None, failures_in_a_year=None)
DISABLES = AttemptPolicy(3, 60, HOUR, consecutive_failures=10, failures_in_a_year=100)


def test_a_counter_that_only_waits_is_kept_waiting_by_a_guess_an_hour() -> None:
    assert outcome(AtCounter(ONLY_WAITS)) == Outcome(math.inf, first_day=31, a_year=8767)


def test_a_credential_is_disabled_once_and_for_a_year() -> None:
    assert outcome(AtCounter(DISABLES)) == Outcome(math.inf, first_day=10, a_year=10)


@pytest.mark.parametrize("policy", [ONLY_WAITS, DISABLES, DailyPolicy(a_day=3, in_all=10)])
def test_a_counter_of_the_members_own_keeps_no_one_out(policy: AttemptPolicy | DailyPolicy) -> None:
    assert outcome(AtCounter(policy, shared=False)).seconds == 0


def test_a_disabled_counter_is_forgotten_a_year_after_the_last_guess() -> None:
    siege, now = AtCounter(DISABLES), Instant(0)
    while (wait := siege.act(now)) <= HOUR:
        now = Instant(now + wait)
    assert (len(siege.requests), wait) == (10, KEPT_SECONDS)
    assert siege.member_waits(now) == KEPT_SECONDS
    siege.act(Instant(now + KEPT_SECONDS))
    assert len(siege.requests) == 13


def test_five_emails_a_day_keep_a_member_from_a_code_in_an_unknown_browser() -> None:
    assert outcome(AtRequests(RESETS, Channel.EMAIL)) == Outcome(math.inf, first_day=5, a_year=5 * 365)


def test_a_known_browser_gets_its_code_whatever_strangers_request() -> None:
    assert outcome(AtRequests(RESETS, Channel.EMAIL, KnownBrowserId("known"))).seconds == 0


def test_three_letters_a_month_leave_six_days_without_a_further_one() -> None:
    """Requests on days 0, 8 and 16: from day 24 to 30 no letter is under way, and none may be requested."""
    asked = outcome(AtRequests(RESETS, Channel.LETTER))
    assert (asked.seconds, asked.a_year) == (6 * DAY, 37)


@pytest.mark.parametrize(("delivery", "works_for"), [(2, 6), (7, 1), (9, -1)])
def test_a_newer_letter_ends_the_code_of_one_that_came_before_it(delivery: int, works_for: int) -> None:
    siege = AtLetter(RESETS, Channel.LETTER, delivery=delivery * DAY)
    assert outcome(siege).seconds >= delivery * DAY
    assert siege.works_for == works_for * DAY


def test_a_short_wait_is_a_short_siege() -> None:
    policy = AttemptPolicy(1, 60, 60, consecutive_failures=None, failures_in_a_year=3)

    class Once(AtCounter):
        def act(self, now: Instant) -> int:
            return DAY if self.requests else super().act(now) + DAY

    assert outcome(Once(policy)).seconds == 60


def test_a_stranger_behind_the_members_address_uses_up_what_it_may_claim() -> None:
    siege = outcome(AtSource(SlidingWindow(30, 900)))
    assert (siege.seconds, siege.first_day) == (math.inf, 30 * DAY // 900)
