"""Refusals."""

from __future__ import annotations

from member_access.errors import Refusal


class MalformedRequest(Refusal):
    """Not JSON, or not declared as JSON."""

    code = "malformed-request"
    status = 400


class InvalidRequest(Refusal):
    """JSON whose fields are not what the call takes."""

    code = "invalid-request"
    status = 422


class NotFound(Refusal):
    """No such path."""

    code = "not-found"
    status = 404


class MethodNotAllowed(Refusal):
    """The path exists, the method does not; RFC 9110 §15.5.6 wants an ``Allow`` header."""

    code = "method-not-allowed"
    status = 405


class RequestTooLarge(Refusal):
    """A body longer than any honest one."""

    code = "request-too-large"
    status = 413


class TryLater(Refusal):
    """A service behind the API is not available; nothing was decided."""

    code = "try-later"
    status = 503
