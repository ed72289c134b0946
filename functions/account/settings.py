"""The settings of a member's sessions and browsers."""

from __future__ import annotations

from member_access.settings.codes import CodeRequestSettings
from member_access.settings.sessions import SessionSettings


class AccountSettings(SessionSettings, CodeRequestSettings):
    """The settings of this function; ``template.yaml`` says what each means."""
