"""The refusals that any call may answer with."""

from __future__ import annotations

from member_access.errors import Refusal


class MalformedRequest(Refusal):
    """A body that is not JSON, or is not declared as JSON."""

    code = "malformed-request"
    status = 400


class InvalidRequest(Refusal):
    """A body with a wrong, missing or unknown field."""

    code = "invalid-request"
    status = 422


class ForbiddenOrigin(Refusal):
    """A call that changes something, from a page of another host that is not among ``AllowedOrigins``."""

    code = "forbidden-origin"
    status = 403


class NotFound(Refusal):
    """An unknown path."""

    code = "not-found"
    status = 404


class MethodNotAllowed(Refusal):
    """A method that the path does not have; RFC 9110 §15.5.6 requires an ``Allow`` header."""

    code = "method-not-allowed"
    status = 405


class RequestTooLarge(Refusal):
    """A body longer than any legitimate one."""

    code = "request-too-large"
    status = 413


class TryLater(Refusal):
    """An answer to the failure of an AWS service; nothing was decided."""

    code = "try-later"
    status = 503
