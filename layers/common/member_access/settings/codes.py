"""The settings of one-time codes: apart, because sign-in need not import them."""

from __future__ import annotations

from functools import cached_property

from pydantic import PositiveInt

from member_access.recovery.policy import ResetPolicy
from member_access.settings import TableSettings
from member_access.throttling.policy import AttemptPolicy


class CodeSettings(TableSettings):
    """The limits of codes and of guesses at them; ``template.yaml`` explains each setting."""

    letters_queue_url: str
    email_code_seconds: PositiveInt
    email_interval_seconds: PositiveInt
    emails_a_day: PositiveInt
    letter_code_seconds: PositiveInt
    letter_interval_seconds: PositiveInt
    letters_a_month: PositiveInt
    letter_post_within_seconds: PositiveInt
    code_free_attempts: PositiveInt
    code_first_wait_seconds: PositiveInt
    code_longest_wait_seconds: PositiveInt
    code_consecutive_failures: PositiveInt

    @cached_property
    def reset_policy(self) -> ResetPolicy:
        """The limits of requests for codes."""
        return ResetPolicy(
            email_code=self.email_code_seconds,
            email_interval=self.email_interval_seconds,
            emails_a_day=self.emails_a_day,
            letter_code=self.letter_code_seconds,
            letter_interval=self.letter_interval_seconds,
            letters_a_month=self.letters_a_month,
        )

    @cached_property
    def code_policy(self) -> AttemptPolicy:
        """The limits of guesses at codes. Consecutive failures void the codes, so a yearly limit is not needed."""
        return AttemptPolicy(
            free_attempts=self.code_free_attempts,
            first_wait=self.code_first_wait_seconds,
            longest_wait=self.code_longest_wait_seconds,
            consecutive_failures=self.code_consecutive_failures,
            failures_in_a_year=None,
        )
