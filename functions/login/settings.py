"""The settings of the sign-in."""

from __future__ import annotations

from member_access.settings import PinSettings
from member_access.settings.sessions import SessionSettings


class LoginSettings(PinSettings, SessionSettings):
    """The settings of this function, explained in ``template.yaml``."""
