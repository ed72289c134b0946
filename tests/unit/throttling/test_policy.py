"""How guesses are limited: examples, and a walk of the machine beside a plain model of the rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from member_access.throttling.policy import Attempts, Claimed, DailyPolicy, Disabled, Wait
from member_access.values.types import Instant
from tests.support.policies import ATTEMPTS

NOW = Instant(1_800_000_000)
DAY = 86_400
DAILY = DailyPolicy(a_day=3, in_all=10)
TODAY = NOW // DAY
MIDNIGHT = Instant(TODAY * DAY)
"""Eight hours before NOW."""


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(0, 0), (1, 0), (2, 0), (3, 60), (4, 120), (5, 240), (6, 480), (7, 960), (8, 1920), (9, 3600), (99, 3600)],
)
def test_the_wait_doubles_from_a_minute_to_an_hour(failures: int, wait: int) -> None:
    assert ATTEMPTS.wait_after(failures) == wait


@pytest.mark.parametrize(
    ("attempts", "seconds_later", "verdict"),
    [
        (Attempts(), 0, "claimed"),
        (Attempts(failures=2, last_attempt_at=NOW), 0, "claimed"),
        (Attempts(failures=3, last_attempt_at=NOW), 0, Wait(60)),
        (Attempts(failures=3, last_attempt_at=NOW), 59, Wait(1)),
        (Attempts(failures=3, last_attempt_at=NOW), 60, "claimed"),
        (Attempts(failures=9, last_attempt_at=NOW), 3599, Wait(1)),
        (Attempts(failures=10, last_attempt_at=NOW), 10 * DAY, Disabled()),
        (Attempts(failures_by_day={NOW // DAY: 99}), 0, "claimed"),
        (Attempts(failures_by_day={NOW // DAY: 100}), 0, Disabled()),
        (Attempts(failures_by_day={NOW // DAY: 60, NOW // DAY - 364: 40}), 0, Disabled()),
        (Attempts(failures_by_day={NOW // DAY: 60, NOW // DAY - 365: 40}), 0, "claimed"),
    ],
)
def test_a_guess_may_be_made_or_not(attempts: Attempts, seconds_later: int, verdict: Wait | Disabled | str) -> None:
    decided = ATTEMPTS.decide(attempts, 0, Instant(NOW + seconds_later))
    assert isinstance(decided, Claimed) if verdict == "claimed" else decided == verdict


@pytest.mark.parametrize(
    ("attempts", "left"),
    [
        (Attempts(failures=1), 2),
        (Attempts(failures=2), 1),
        (Attempts(failures=3), 7),
        (Attempts(failures=9), 1),
        (Attempts(failures=10), 0),
        (Attempts(failures=1, failures_by_day={TODAY: 99}), 1),
        (Attempts(failures=4, failures_by_day={TODAY: 98}), 2),
    ],
)
def test_the_tries_left_lead_to_the_wait_then_to_the_end(attempts: Attempts, left: int) -> None:
    assert ATTEMPTS.tries_left(attempts, NOW) == left


@pytest.mark.parametrize(
    ("attempts", "left"),
    [
        (Attempts(failures=1, failures_by_day={TODAY: 1}), 2),
        (Attempts(failures=4, failures_by_day={TODAY: 3, TODAY - 1: 1}), 0),
        (Attempts(failures=9, failures_by_day={TODAY: 1}), 1),
    ],
)
def test_the_tries_left_today_are_no_more_than_those_in_all(attempts: Attempts, left: int) -> None:
    assert DAILY.tries_left(attempts, NOW) == left


def test_where_no_limit_lies_ahead_no_try_is_counted_down() -> None:
    endless = ATTEMPTS._replace(consecutive_failures=None, failures_in_a_year=None)

    assert [endless.tries_left(Attempts(failures=made), NOW) for made in (2, 3)] == [1, None]


def test_a_claim_counts_before_it_is_known_to_fail() -> None:
    claimed = ATTEMPTS.decide(Attempts(failures=1, revision=7), 0, NOW)
    assert claimed == Claimed(Attempts(failures=2, last_attempt_at=NOW, failures_by_day={NOW // DAY: 1}, revision=8))


def test_failures_at_an_older_credential_do_not_count() -> None:
    worn_out = Attempts(failures=10, failures_by_day={NOW // DAY: 100}, credential_version=1, revision=40)
    assert ATTEMPTS.decide(worn_out, 2, NOW) == Claimed(
        Attempts(
            failures=1,
            last_attempt_at=NOW,
            failures_by_day={NOW // DAY: 1},
            credential_version=2,
            revision=41,
        )
    )


def test_a_reader_with_an_outdated_credential_resets_nothing() -> None:
    assert ATTEMPTS.decide(Attempts(failures=10, credential_version=2), 1, NOW) == Disabled()


def test_a_clock_behind_the_last_attempt_never_waits_longer_than_the_wait() -> None:
    assert ATTEMPTS.decide(Attempts(failures=3, last_attempt_at=Instant(NOW + 500)), 0, NOW) == Wait(60)


@pytest.mark.parametrize(
    ("attempts", "now", "verdict"),
    [
        (Attempts(), NOW, "claimed"),
        (Attempts(failures_by_day={TODAY: 2}), NOW, "claimed"),
        (Attempts(failures_by_day={TODAY: 3}), NOW, Wait(16 * 3600)),
        (Attempts(failures_by_day={TODAY: 4}), MIDNIGHT, Wait(DAY)),
        (Attempts(failures_by_day={TODAY: 3}), Instant(MIDNIGHT + DAY - 1), Wait(1)),
        (Attempts(failures_by_day={TODAY: 3}), Instant(MIDNIGHT + DAY), "claimed"),
        (Attempts(failures=9, failures_by_day={TODAY - 1: 3}), NOW, "claimed"),
        (Attempts(failures=10), NOW, Disabled()),
        (Attempts(failures=11), NOW, Disabled()),
    ],
)
def test_a_daily_limit_waits_for_midnight_and_ends_in_all(
    attempts: Attempts, now: Instant, verdict: Wait | Disabled | str
) -> None:
    decided = DAILY.decide(attempts, 0, now)
    assert isinstance(decided, Claimed) if verdict == "claimed" else decided == verdict


def test_a_day_without_failures_has_a_try_where_one_a_day_is_allowed() -> None:
    assert DailyPolicy(a_day=1, in_all=10).consequence(Attempts(), NOW) is None


def test_a_day_whose_guesses_were_all_taken_back_is_forgotten() -> None:
    claimed = ATTEMPTS.decide(Attempts(failures_by_day={TODAY - 2: 4, TODAY - 1: 0}), 0, NOW)
    assert isinstance(claimed, Claimed)
    assert claimed.attempts.failures_by_day == {TODAY - 2: 4, TODAY: 1}


def test_a_daily_limit_starts_again_with_a_new_generation() -> None:
    worn_out = Attempts(failures=10, failures_by_day={TODAY: 3}, credential_version=1, revision=12)
    assert DAILY.decide(worn_out, 2, NOW) == Claimed(
        Attempts(failures=1, last_attempt_at=NOW, failures_by_day={TODAY: 1}, credential_version=2, revision=13)
    )


@given(failures=st.integers(0, 10**9))
def test_no_wait_is_longer_than_the_longest(failures: int) -> None:
    assert 0 <= ATTEMPTS.wait_after(failures) <= ATTEMPTS.longest_wait


class AttemptMachine(RuleBasedStateMachine):
    """Guesses, successes, waits and new credentials, beside a model that keeps every instant."""

    @initialize()
    def start(self) -> None:
        self.now = NOW
        self.attempts = Attempts()
        self.version = 0
        self.failed_at: list[int] = []
        self.in_a_row = 0
        self.last = 0

    @rule()
    def guess_wrongly(self) -> None:
        if self._guess():
            self.failed_at.append(self.now)
            self.in_a_row += 1
            self.last = self.now

    @rule()
    def guess_rightly(self) -> None:
        if self._guess():
            self.in_a_row = 0
            today = self.now // DAY
            by_day = {**self.attempts.failures_by_day}
            by_day[today] -= 1
            self.attempts = Attempts(0, self.attempts.last_attempt_at, by_day, self.version, self.attempts.revision + 1)

    @rule(seconds=st.one_of(st.integers(0, 4000), st.integers(0, 400 * DAY)))
    def wait(self, seconds: int) -> None:
        self.now = Instant(self.now + seconds)

    @rule()
    def set_a_new_pin(self) -> None:
        self.version += 1
        self.failed_at = []
        self.in_a_row = 0

    @invariant()
    def the_year_is_counted_by_the_day(self) -> None:
        if self.attempts.credential_version == self.version:
            assert sum(self.attempts.failures_by_day.values()) >= self._in_a_year()

    def _guess(self) -> bool:
        verdict = ATTEMPTS.decide(self.attempts, self.version, self.now)
        expected = self._expected()
        if expected is None:
            assert isinstance(verdict, Claimed)
            assert verdict.attempts.revision == self.attempts.revision + 1
            self.attempts = verdict.attempts
            return True
        assert verdict == expected
        return False

    def _expected(self) -> Wait | Disabled | None:
        if self.in_a_row >= 10 or self._in_a_year() >= 100:
            return Disabled()
        waits = {3: 60, 4: 120, 5: 240, 6: 480, 7: 960, 8: 1920, 9: 3600}
        remaining = self.last + waits.get(self.in_a_row, 0) - self.now
        return Wait(remaining) if remaining > 0 else None

    def _in_a_year(self) -> int:
        return sum(1 for moment in self.failed_at if moment // DAY > self.now // DAY - 365)


TestAttemptMachine = AttemptMachine.TestCase
TestAttemptMachine.settings = settings(stateful_step_count=60)
