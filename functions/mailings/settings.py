"""The settings of the mailings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from member_access.settings import Count
from member_access.settings.codes import CodeSettings


class MailingsSettings(CodeSettings):
    """The settings of this function; ``template.yaml`` says what each means."""

    pseudonym_key_arn: str
    emails_queue_url: str
    email_budget_a_day: Annotated[int, Field(ge=2, le=10_000_000)]
    letters_a_day: Count
