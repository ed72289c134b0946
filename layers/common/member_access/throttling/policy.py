"""How many guesses somebody has: the policy, as pure functions.

Every guess is claimed by a write before the secret is looked at, so a hundred guesses at once get no more tries
than one after another. A counter holds only what happened; whether one must wait is derived from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS_PER_DAY = 86_400
DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class Attempts:
    """What a counter holds.

    Attributes:
        failures: in a row. A guess that is under way counts as failed until it succeeds.
        last_attempt_at: when the last guess was claimed.
        failures_by_day: failures of the last year, by day since 1970-01-01; no success takes them away.
        credential_version: the credential that was guessed at. Failures belong to a credential (NIST
            SP 800-63B-4 §3.2.2), so a new one starts with none.
        revision: grows by one with every write; a write is conditional on the revision it was decided on.
    """

    failures: int = 0
    last_attempt_at: Instant = Instant(0)
    failures_by_day: Mapping[int, int] = field(default_factory=dict)
    credential_version: int = 0
    revision: int = 0


@dataclass(frozen=True)
class Claimed:
    """The guess may be made; ``attempts`` is what the counter must say before it is."""

    attempts: Attempts


@dataclass(frozen=True)
class Wait:
    """No guess before ``seconds`` have passed."""

    seconds: int


@dataclass(frozen=True)
class Disabled:
    """No guess any more until the credential is replaced."""


class Policy(Protocol):
    """Decides whether one more guess may be made."""

    def decide(self, seen: Attempts, credential_version: int, now: Instant) -> Claimed | Wait | Disabled:
        """Whether one more guess may be made at the credential of this version."""

    def consequence(self, attempts: Attempts, now: Instant) -> Wait | Disabled | None:
        """What stands in the way of a further guess now, if anything does."""


@dataclass(frozen=True)
class AttemptPolicy:
    """How guesses are limited. Waits are in seconds.

    Attributes:
        free_attempts: failures in a row before the first wait.
        first_wait: the first wait; each further failure doubles it (NIST SP 800-63B-4 §3.2.2 suggests waits that
            grow from 30 seconds up to an hour).
        longest_wait: where the doubling ends.
        consecutive_failures: disables the credential (NIST allows at most 100); None for never.
        failures_in_a_year: as well, counted over a rolling year whatever happens between; None for no limit.
    """

    free_attempts: int
    first_wait: int
    longest_wait: int
    consecutive_failures: int | None
    failures_in_a_year: int | None

    def decide(self, seen: Attempts, credential_version: int, now: Instant) -> Claimed | Wait | Disabled:
        """Whether one more guess may be made at the credential of this version."""
        current = _for_credential(seen, credential_version, now)
        verdict = self.consequence(current, now)
        if verdict is not None:
            return verdict
        return Claimed(_one_more(current, now))

    def consequence(self, attempts: Attempts, now: Instant) -> Wait | Disabled | None:
        """What stands in the way of a further guess now, if anything does."""
        if self.consecutive_failures is not None and attempts.failures >= self.consecutive_failures:
            return Disabled()
        year = sum(attempts.failures_by_day.values())
        if self.failures_in_a_year is not None and year >= self.failures_in_a_year:
            return Disabled()
        wait = self.wait_after(attempts.failures)
        remaining = min(attempts.last_attempt_at + wait - now, wait)
        return Wait(remaining) if remaining > 0 else None

    def wait_after(self, failures: int) -> int:
        """Seconds to wait after this many failures in a row."""
        if failures < self.free_attempts:
            return 0
        # Past 2**12 seconds the longest wait has long been reached; the bound keeps the power small.
        doublings = min(failures - self.free_attempts, 12)
        return min(self.first_wait << doublings, self.longest_wait)


@dataclass(frozen=True)
class DailyPolicy:
    """How guesses are limited by the day and in all.

    Attributes:
        a_day: failures in one day (UTC) before the next one must be awaited.
        in_all: failures that end all guessing, until an operator sets the counter back.
    """

    a_day: int
    in_all: int

    def decide(self, seen: Attempts, credential_version: int, now: Instant) -> Claimed | Wait | Disabled:
        """Whether one more guess may be made."""
        current = _for_credential(seen, credential_version, now)
        return self.consequence(current, now) or Claimed(_one_more(current, now))

    def consequence(self, attempts: Attempts, now: Instant) -> Wait | Disabled | None:
        """What stands in the way of a further guess now, if anything does."""
        if attempts.failures >= self.in_all:
            return Disabled()
        if attempts.failures_by_day.get(now // SECONDS_PER_DAY, 0) >= self.a_day:
            return Wait(SECONDS_PER_DAY - now % SECONDS_PER_DAY)
        return None


def _one_more(current: Attempts, now: Instant) -> Attempts:
    today = now // SECONDS_PER_DAY
    return replace(
        current,
        failures=current.failures + 1,
        last_attempt_at=now,
        failures_by_day={**current.failures_by_day, today: current.failures_by_day.get(today, 0) + 1},
        revision=current.revision + 1,
    )


def _for_credential(seen: Attempts, credential_version: int, now: Instant) -> Attempts:
    # Without a branch: a member's first failure would take less time than that of an identifier that nobody has.
    none = Attempts(credential_version=credential_version, revision=seen.revision)
    current = none if seen.credential_version < credential_version else seen
    first_day = now // SECONDS_PER_DAY - DAYS_PER_YEAR
    recent = {day: count for day, count in current.failures_by_day.items() if day > first_day and count > 0}
    return replace(current, failures_by_day=recent)
