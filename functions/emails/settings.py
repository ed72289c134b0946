"""The settings of the e-mail functions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainValidator

from member_access.settings import Count
from member_access.settings.codes import CodeSettings
from member_access.settings.insurer import InsurerSettings
from member_access.values.email_address import EmailAddress


def _optional(text: str) -> EmailAddress | None:
    return EmailAddress.parse(text) if text else None


class EmailSettings(CodeSettings, InsurerSettings):
    """The settings of the function that sends, explained in ``template.yaml``."""

    code_key_arn: str
    code_emails_queue_url: str
    emails_queue_url: str
    email_budget_a_day: Annotated[int, Field(ge=2, le=10_000_000)]
    reminders_a_day: Count
    sender_address: Annotated[EmailAddress, PlainValidator(EmailAddress.parse)]
    reply_to_address: Annotated[EmailAddress | None, PlainValidator(_optional)]
    configuration_set: str


class BounceSettings(CodeSettings):
    """The settings of the function that handles bounces and complaints."""

    bounces_queue_url: str
