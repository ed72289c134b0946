"""Refusals."""

from __future__ import annotations

from member_access.errors import Refusal


class TooManyAttempts(Refusal):
    """The caller must wait ``retry_after`` seconds."""

    code = "too-many-attempts"
    status = 429
