"""The settings of the sign-in."""

from __future__ import annotations

from member_access.settings import PinSettings
from member_access.settings.codes import CodeRequestSettings
from member_access.settings.sessions import SessionSettings


class LoginSettings(PinSettings, SessionSettings, CodeRequestSettings):
    """The settings of this function, explained in ``template.yaml``."""

    code_key_arn: str
