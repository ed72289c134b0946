"""What an operator can set of the identifier's recovery."""

from __future__ import annotations

from functools import cached_property

from pydantic import PositiveInt

from member_access.settings import CommonSettings
from member_access.throttling.policy import AttemptPolicy, DailyPolicy


class IdentifierSettings(CommonSettings):
    """The settings of this function; ``template.yaml`` says what each means. Durations are in seconds."""

    index_key_arn: str
    emails_queue_url: str
    identity_free_attempts: PositiveInt
    identity_first_wait_seconds: PositiveInt
    identity_longest_wait_seconds: PositiveInt
    iban_attempts_a_day: PositiveInt
    iban_attempts_in_all: PositiveInt
    challenge_seconds: PositiveInt

    @cached_property
    def identity_policy(self) -> AttemptPolicy:
        """How guesses at an identity are limited: by waits alone, for nobody's number may be shut out for good."""
        return AttemptPolicy(
            free_attempts=self.identity_free_attempts,
            first_wait=self.identity_first_wait_seconds,
            longest_wait=self.identity_longest_wait_seconds,
            consecutive_failures=None,
            failures_in_a_year=None,
        )

    @cached_property
    def iban_policy(self) -> DailyPolicy:
        """How guesses at the end of an IBAN are limited."""
        return DailyPolicy(a_day=self.iban_attempts_a_day, in_all=self.iban_attempts_in_all)
