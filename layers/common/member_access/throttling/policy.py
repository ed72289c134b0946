"""How many guesses a caller has: the policy, as pure functions.

A counter holds only what happened; whether the next guess must wait is derived from it (see ``guard``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SECONDS_PER_DAY = 86_400
DAYS_PER_YEAR = 365

MOST_TRIES = 100
"""The most tries in a row that a limit can be set to (NIST SP 800-63B-4 §3.2.2)."""


class Attempts(NamedTuple):
    """The state of a counter.

    Attributes:
        failures: consecutive ones. A guess under way counts as failed until it succeeds.
        last_attempt_at: when the last guess was claimed.
        failures_by_day: failures of the last year, by day since 1970-01-01; a success does not remove them.
        credential_version: the version that was guessed at. Failures belong to a credential (NIST SP 800-63B-4
            §3.2.2), so a new one starts with none.
        revision: grows by one with every write; a write is conditional on the revision it was decided on.
    """

    failures: int = 0
    last_attempt_at: Instant = Instant(0)
    failures_by_day: Mapping[int, int] = MappingProxyType({})
    credential_version: int = 0
    revision: int = 0


@dataclass(frozen=True)
class Claimed:
    """The guess is allowed; ``attempts`` must be written before it is checked."""

    attempts: Attempts


@dataclass(frozen=True)
class Wait:
    """No guess is allowed before ``seconds`` have passed."""

    seconds: int


@dataclass(frozen=True)
class Disabled:
    """No guess is allowed until the credential is replaced."""


def strictest(verdicts: Iterable[Wait | Disabled]) -> Wait | Disabled | None:
    """Return the verdict that forbids guesses for longest, or None if there is none."""
    return max(verdicts, key=lambda verdict: verdict.seconds if isinstance(verdict, Wait) else math.inf, default=None)


class Policy(Protocol):
    """Decides whether one more guess is allowed."""

    def decide(self, seen: Attempts, credential_version: int, now: Instant) -> Claimed | Wait | Disabled:
        """Decide on one more guess at the credential of this version."""

    def consequence(self, attempts: Attempts, now: Instant) -> Wait | Disabled | None:
        """Return what forbids a further guess now, if anything does."""

    def tries_left(self, attempts: Attempts, now: Instant) -> int | None:
        """Return how many wrong guesses are left before the next limit, or None if none lies ahead."""


class AttemptPolicy(NamedTuple):
    """Limits guesses by growing waits. Waits are in seconds.

    Attributes:
        free_attempts: consecutive failures before the first wait.
        first_wait: the first wait; each further failure doubles it (NIST SP 800-63B-4 §3.2.2 suggests waits that
            grow from 30 seconds up to an hour).
        longest_wait: the limit of the doubling.
        consecutive_failures: this many disable the credential (NIST allows at most 100); None for never.
        failures_in_a_year: so do this many in a rolling year, successes or not; None for never.
    """

    free_attempts: int
    first_wait: int
    longest_wait: int
    consecutive_failures: int | None
    failures_in_a_year: int | None

    def decide(self, seen: Attempts, credential_version: int, now: Instant) -> Claimed | Wait | Disabled:
        """Decide on one more guess at the credential of this version."""
        current = for_credential(seen, credential_version, now)
        verdict = self.consequence(current, now)
        if verdict is not None:
            return verdict
        return Claimed(_one_more(current, now))

    def consequence(self, attempts: Attempts, now: Instant) -> Wait | Disabled | None:
        """Return what forbids a further guess now, if anything does."""
        if self.consecutive_failures is not None and attempts.failures >= self.consecutive_failures:
            return Disabled()
        year = sum(attempts.failures_by_day.values())
        if self.failures_in_a_year is not None and year >= self.failures_in_a_year:
            return Disabled()
        wait = self.wait_after(attempts.failures)
        remaining = min(attempts.last_attempt_at + wait - now, wait)
        return Wait(remaining) if remaining > 0 else None

    def tries_left(self, attempts: Attempts, now: Instant) -> int | None:  # noqa: ARG002 - as the protocol has it
        """Return how many wrong guesses are left before the next limit, or None if none lies ahead.

        The next limit is the first wait; once there has been one, it is the end of the credential.
        """
        before_wait = self.free_attempts - attempts.failures
        ahead = [before_wait] if before_wait > 0 else []
        if self.consecutive_failures is not None:
            ahead.append(self.consecutive_failures - attempts.failures)
        if self.failures_in_a_year is not None:
            ahead.append(self.failures_in_a_year - sum(attempts.failures_by_day.values()))
        return max(0, min(ahead)) if ahead else None

    def wait_after(self, failures: int) -> int:
        """Return the seconds to wait after this many consecutive failures."""
        if failures < self.free_attempts:
            return 0
        # 2**12 seconds are past any longest wait; the bound keeps the power small.
        doublings = min(failures - self.free_attempts, 12)
        return min(self.first_wait << doublings, self.longest_wait)


class DailyPolicy(NamedTuple):
    """Limits guesses by the day and in all.

    Attributes:
        a_day: after this many failures in one day (UTC), the caller waits for the next.
        in_all: this many failures end all guessing, until an operator resets the counter.
    """

    a_day: int
    in_all: int

    def decide(self, seen: Attempts, credential_version: int, now: Instant) -> Claimed | Wait | Disabled:
        """Decide on one more guess."""
        current = for_credential(seen, credential_version, now)
        return self.consequence(current, now) or Claimed(_one_more(current, now))

    def consequence(self, attempts: Attempts, now: Instant) -> Wait | Disabled | None:
        """Return what forbids a further guess now, if anything does."""
        if attempts.failures >= self.in_all:
            return Disabled()
        if attempts.failures_by_day.get(now // SECONDS_PER_DAY, 0) >= self.a_day:
            return Wait(SECONDS_PER_DAY - now % SECONDS_PER_DAY)
        return None

    def tries_left(self, attempts: Attempts, now: Instant) -> int | None:
        """Return how many wrong guesses are left today, or in all if that is fewer."""
        today = self.a_day - attempts.failures_by_day.get(now // SECONDS_PER_DAY, 0)
        return max(0, min(today, self.in_all - attempts.failures))


def _one_more(current: Attempts, now: Instant) -> Attempts:
    today = now // SECONDS_PER_DAY
    return current._replace(
        failures=current.failures + 1,
        last_attempt_at=now,
        failures_by_day={**current.failures_by_day, today: current.failures_by_day.get(today, 0) + 1},
        revision=current.revision + 1,
    )


def for_credential(seen: Attempts, credential_version: int, now: Instant) -> Attempts:
    """Return what counts of a counter for this version of the credential: its failures, within the last year."""
    # Without a branch: a member's first failure would take less time than that of an unknown identifier.
    none = Attempts(credential_version=credential_version, revision=seen.revision)
    current = none if seen.credential_version < credential_version else seen
    first_day = now // SECONDS_PER_DAY - DAYS_PER_YEAR
    recent = {day: count for day, count in current.failures_by_day.items() if day > first_day and count > 0}
    return current._replace(failures_by_day=recent)


def succeeded(attempts: Attempts, counted_at: Instant) -> Attempts:
    """End the consecutive failures, and uncount the right guess that was counted then; the others of the year stay."""
    return uncounted(attempts, counted_at)._replace(failures=0)


def uncounted(attempts: Attempts, counted_at: Instant) -> Attempts:
    """Uncount a guess that was counted then."""
    day, days = counted_at // SECONDS_PER_DAY, attempts.failures_by_day
    others = {**days, day: max(days.get(day, 0) - 1, 0)}
    return attempts._replace(failures=max(attempts.failures - 1, 0), failures_by_day=others)


def disabled(now: Instant, credential_version: int) -> Attempts:
    """Return a counter that allows no guess under any setting."""
    return Attempts(MOST_TRIES, now, credential_version=credential_version)
