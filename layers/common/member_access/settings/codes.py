"""The settings of one-time codes: apart, because sign-in need not import them."""

from __future__ import annotations

from functools import cached_property

from pydantic import PositiveInt

from member_access.recovery.policy import ResetPolicy
from member_access.settings import CodeGuessSettings


class CodeSettings(CodeGuessSettings):
    """The limits of requests for codes and of guesses at them; ``template.yaml`` explains each setting."""

    letters_queue_url: str
    email_code_seconds: PositiveInt
    email_interval_seconds: PositiveInt
    emails_a_day: PositiveInt
    letter_code_seconds: PositiveInt
    letter_interval_seconds: PositiveInt
    letters_a_month: PositiveInt
    letter_post_within_seconds: PositiveInt

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
