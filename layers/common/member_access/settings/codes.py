"""The settings of one-time codes: apart, because sign-in need not import them."""

from __future__ import annotations

from functools import cached_property

from pydantic import PositiveInt

from member_access.recovery.policy import ResetPolicy
from member_access.settings import TableSettings


class CodeSettings(TableSettings):
    """The limits of codes; ``template.yaml`` explains each setting."""

    letters_queue_url: str
    email_code_seconds: PositiveInt
    email_interval_seconds: PositiveInt
    emails_a_day: PositiveInt
    emails_a_day_in_all: PositiveInt
    code_tries: PositiveInt
    letter_code_seconds: PositiveInt
    letter_interval_seconds: PositiveInt
    letters_a_month: PositiveInt
    letter_post_within_seconds: PositiveInt

    @cached_property
    def reset_policy(self) -> ResetPolicy:
        """The limits of codes."""
        return ResetPolicy(
            email_code=self.email_code_seconds,
            email_interval=self.email_interval_seconds,
            email_tries=self.code_tries,
            emails_a_day=self.emails_a_day,
            emails_a_day_in_all=self.emails_a_day_in_all,
            letter_code=self.letter_code_seconds,
            letter_interval=self.letter_interval_seconds,
            letters_a_month=self.letters_a_month,
        )
