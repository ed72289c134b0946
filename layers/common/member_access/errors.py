"""The one exception tree.

MemberAccessError
├── SettingsError          a setting is missing or wrong: the function does not start
├── InvalidValue           text that cannot be what it should be (an identifier, a PIN …)
├── Unavailable            an AWS service did not answer as it should; nothing was decided
├── Conflict               a conditional write found another state than the one it was decided on
├── NotYet                 what must be there first is not there yet: it is worth coming back
└── Refusal                what a caller is told, as a problem (RFC 9457)
    ├── MalformedRequest   400
    ├── InvalidRequest     422, with the fields
    ├── NotFound           404
    ├── MethodNotAllowed   405
    ├── RequestTooLarge    413
    ├── InvalidCredentials 401
    ├── SessionExpired     401
    ├── InvalidCode        401
    ├── InvalidResetToken  401
    ├── NotRecognised      401
    ├── NotAuthentic       401
    ├── WeakPin            422, with the reason
    ├── PinsDiffer         422
    ├── PinDisabled        403
    ├── TooManyAttempts    429, with the wait
    └── TryLater           503, with the wait
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class MemberAccessError(Exception):
    """Everything this package raises on purpose."""


class SettingsError(MemberAccessError):
    """A setting is missing or wrong; the message names the environment variable, never its value."""


class InvalidValue(MemberAccessError, ValueError):  # noqa: N818 - says what it is, like the standard library's
    """Text that cannot be the thing it should be. The message never repeats the text."""


class Unavailable(MemberAccessError):  # noqa: N818 - as above
    """An AWS service failed or throttled. Nothing was decided, and nobody is let in."""


class Conflict(MemberAccessError):  # noqa: N818 - as above
    """A conditional write found another state than the one the decision was made on."""


class NotYet(MemberAccessError):  # noqa: N818 - as above
    """What must be there first is not there yet. Nothing is wrong: it is worth coming back.

    Attributes:
        retry_after: after how many seconds, or None where nothing tells.
    """

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass(frozen=True)
class FieldError:
    """One field that was refused: a JSON pointer (RFC 6901) and the code of the reason (see ``texts``)."""

    pointer: str
    reason: str


class Refusal(MemberAccessError):  # noqa: N818 - what a caller is told is a refusal
    """What a caller is told instead of an answer.

    Attributes:
        code: stable and the same in every language; the problem's type is ``urn:member-access:<code>``.
        status: the HTTP status.
        retry_after: seconds to wait before the next try makes sense, or None.
        allow: the methods of an ``Allow`` header, or empty.
        fields: the fields that were refused, or empty.
    """

    code: ClassVar[str]
    status: ClassVar[int]

    def __init__(
        self,
        *,
        retry_after: int | None = None,
        allow: tuple[str, ...] = (),
        fields: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after
        self.allow = allow
        self.fields = fields


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


class InvalidCredentials(Refusal):
    """The identifier and the PIN do not belong together; which of the two is wrong is not said."""

    code = "invalid-credentials"
    status = 401


class SessionExpired(Refusal):
    """No session, or one that has ended."""

    code = "session-expired"
    status = 401


class InvalidCode(Refusal):
    """The code is wrong, used, expired or void; which of these is not said."""

    code = "invalid-code"
    status = 401


class InvalidResetToken(Refusal):
    """The token that a code was exchanged for is wrong, used or expired."""

    code = "invalid-reset-token"
    status = 401


class NotRecognised(Refusal):
    """The challenge and the end of an IBAN do not belong together, or the challenge is over."""

    code = "not-recognised"
    status = 401


class NotAuthentic(Refusal):
    """A notification whose signature or credentials are not those of the provider that it says it comes from."""

    code = "not-authentic"
    status = 401


class WeakPin(Refusal):
    """The new PIN is one that others would guess; the field's reason says why (NIST SP 800-63B-4 §3.1.1.2)."""

    code = "weak-pin"
    status = 422


class PinsDiffer(Refusal):
    """The new PIN and its confirmation are not the same."""

    code = "pins-differ"
    status = 422


class PinDisabled(Refusal):
    """Too many failures: the PIN must be reset by code (NIST SP 800-63B-4 §3.2.2)."""

    code = "pin-disabled"
    status = 403


class TooManyAttempts(Refusal):
    """The caller must wait ``retry_after`` seconds."""

    code = "too-many-attempts"
    status = 429


class TryLater(Refusal):
    """A service behind the API is not available; nothing was decided."""

    code = "try-later"
    status = 503
