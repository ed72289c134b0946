"""What an operator can set of the e-mails."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator

from member_access.settings import CodeSettings, InsurerSettings
from member_access.values.email_address import EmailAddress


class EmailSettings(CodeSettings, InsurerSettings):
    """The settings of the function that sends; ``template.yaml`` says what each means."""

    code_key_arn: str
    emails_queue_url: str
    sender_address: Annotated[EmailAddress, PlainValidator(EmailAddress.parse)]
    configuration_set: str


class BounceSettings(CodeSettings):
    """The settings of the function that hears what became of e-mails."""

    bounces_queue_url: str
