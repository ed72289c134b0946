"""The settings of one-time codes: apart, because sign-in need not import them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from member_access.settings import Count, Seconds, TableSettings, Tries

if TYPE_CHECKING:
    from member_access.recovery.policy import ResetPolicy


class CodeSettings(TableSettings):
    """The limits of codes; ``template.yaml`` explains each setting."""

    letters_queue_url: str
    email_code_seconds: Seconds
    email_interval_seconds: Seconds
    emails_a_day: Count
    emails_a_day_in_all: Count
    code_tries: Tries
    letter_code_seconds: Seconds
    letter_interval_seconds: Seconds
    letters_a_month: Count
    letter_post_within_seconds: Seconds

    @cached_property
    def reset_policy(self) -> ResetPolicy:
        """The limits of codes."""
        # Sign-in asks for a code rarely, and need not import this to start.
        from member_access.recovery.policy import ResetPolicy  # noqa: PLC0415 - see above

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


class CodeRequestSettings(CodeSettings):
    """The queues of the functions that members ask for codes."""

    code_emails_queue_url: str
    emails_queue_url: str
