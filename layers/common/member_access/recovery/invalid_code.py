"""The refusals of a one-time code."""

from __future__ import annotations

from member_access.errors import Refusal


class InvalidCode(Refusal):
    """The code is wrong, used, expired or void; which of these is not said."""

    code = "invalid-code"
    status = 401


class CodeElsewhere(InvalidCode):
    """A code by e-mail beside no handle of a request for this identifier."""

    reason = "code-elsewhere"


class CodeSpent(InvalidCode):
    """The code of this browser's request has no try left, or has expired."""

    reason = "code-spent"
