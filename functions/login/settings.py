"""The settings of the sign-in."""

from __future__ import annotations

from enum import StrEnum

from member_access.settings import PinSettings
from member_access.settings.codes import CodeSettings
from member_access.settings.sessions import SessionSettings


class NewBrowser(StrEnum):
    """What follows a right PIN in a browser that is not known."""

    ALLOW = "allow"
    """A session, and nothing else."""
    NOTIFY = "notify"
    """A session, and a notice by e-mail."""
    CONFIRM = "confirm"
    """A code; the session once it was entered."""


class LoginSettings(PinSettings, SessionSettings, CodeSettings):
    """The settings of this function, explained in ``template.yaml``."""

    new_browser: NewBrowser
    code_key_arn: str
    code_emails_queue_url: str
    emails_queue_url: str
    next_signing_key_arn: str = ""
    former_signing_key_arn: str = ""

    @property
    def other_signing_key_arns(self) -> tuple[str, ...]:
        """The keys that verify tokens without signing any: the next one and the former one, if there are."""
        return tuple(filter(None, (self.next_signing_key_arn, self.former_signing_key_arn)))
