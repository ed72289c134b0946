"""The answer to a request for a one-time code."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from member_access.api.fields import Answer


class CodeSent(Answer):
    """How a code was sent. The answer of `/reset` is the same for an unknown identifier."""

    channel: Literal["email", "letter"]
    expires_in: int = Field(description="Number of seconds before the code expires.")
    resend_after: int = Field(description="Number of seconds before another code can be requested.")
