"""The settings of the sign-in."""

from __future__ import annotations

from member_access.settings import PinSettings
from member_access.settings.codes import CodeSettings
from member_access.settings.sessions import SessionSettings


class LoginSettings(PinSettings, SessionSettings, CodeSettings):
    """The settings of this function, explained in ``template.yaml``."""

    code_key_arn: str
    code_emails_queue_url: str
    emails_queue_url: str
    next_signing_key_arn: str = ""
    former_signing_key_arn: str = ""

    @property
    def other_signing_key_arns(self) -> tuple[str, ...]:
        """The keys that verify tokens without signing any: the next one and the former one, if there are."""
        return tuple(filter(None, (self.next_signing_key_arn, self.former_signing_key_arn)))
