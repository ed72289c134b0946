"""The settings of the e-mail functions."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator, PositiveInt

from member_access.settings import InsurerSettings
from member_access.settings.codes import CodeSettings
from member_access.values.email_address import EmailAddress


class EmailSettings(CodeSettings, InsurerSettings):
    """The settings of the function that sends, explained in ``template.yaml``."""

    code_key_arn: str
    code_emails_queue_url: str
    emails_queue_url: str
    email_budget_a_day: PositiveInt
    reminders_a_day: PositiveInt
    sender_address: Annotated[EmailAddress, PlainValidator(EmailAddress.parse)]
    configuration_set: str


class BounceSettings(CodeSettings):
    """The settings of the function that handles bounces and complaints."""

    bounces_queue_url: str
