"""The settings of the reset."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from member_access.settings import PinSettings, Seconds
from member_access.settings.codes import CodeRequestSettings


class ResetSettings(PinSettings, CodeRequestSettings):
    """The settings of this function; ``template.yaml`` says what each means. Durations are in seconds."""

    code_key_arn: str
    own_data_key_arn: str
    email_share_percent: Annotated[int, Field(ge=0, le=100)]
    reset_token_seconds: Seconds
