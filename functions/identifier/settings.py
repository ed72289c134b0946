"""The settings of the search for an identifier."""

from __future__ import annotations

from functools import cached_property

from member_access.settings import CommonSettings, Count, Seconds
from member_access.throttling.policy import AttemptPolicy, DailyPolicy


class IdentifierSettings(CommonSettings):
    """The settings of this function, explained in ``template.yaml``. Durations are in seconds."""

    index_key_arn: str
    emails_queue_url: str
    identity_free_attempts: Count
    identity_first_wait_seconds: Seconds
    identity_longest_wait_seconds: Seconds
    iban_attempts_a_day: Count
    iban_attempts_in_all: Count
    challenge_seconds: Seconds

    @cached_property
    def identity_policy(self) -> AttemptPolicy:
        """The limits of guesses at an identity: only waits, so that no one's number can be locked out for good."""
        return AttemptPolicy(
            free_attempts=self.identity_free_attempts,
            first_wait=self.identity_first_wait_seconds,
            longest_wait=self.identity_longest_wait_seconds,
            consecutive_failures=None,
            failures_in_a_year=None,
        )

    @cached_property
    def iban_policy(self) -> DailyPolicy:
        """The limits of guesses at an IBAN end."""
        return DailyPolicy(a_day=self.iban_attempts_a_day, in_all=self.iban_attempts_in_all)
