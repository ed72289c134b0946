"""The root of the exception tree; every other error stands next to the code that raises it.

MemberAccessError
├── SettingsError          a setting is missing or wrong: the function does not start
├── InvalidValue           a text does not have the form of its type (an identifier, a PIN …)
├── Unavailable            an AWS service failed or throttled; nothing was decided
├── Conflict               the stored state has changed since it was read
├── NotYet                 something this depends on has not been written yet; retry later
└── Refusal                an error that the caller sees as a problem (RFC 9457)
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple


class MemberAccessError(Exception):
    """The base of all errors of this package."""


class SettingsError(MemberAccessError):
    """A setting is missing or wrong; the message names the environment variable, never its value."""


class InvalidValue(MemberAccessError, ValueError):
    """A text that does not have the form of its type. The message never repeats the text."""


class Unavailable(MemberAccessError):
    """An AWS service failed or throttled. Nothing was decided, and no one is let in."""


class Conflict(MemberAccessError):
    """A conditional write failed, because the stored state has changed since it was read."""


class NotYet(MemberAccessError):
    """Something this depends on has not been written yet. Not a fault; retry later.

    Attributes:
        retry_after: seconds to wait, or None if unknown.
    """

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class FieldError(NamedTuple):
    """A rejected field: a JSON pointer (RFC 6901) and the code of the reason (see ``texts``)."""

    pointer: str
    reason: str


class Refusal(MemberAccessError):
    """An error that the caller sees as a problem (RFC 9457).

    Attributes:
        code: stable and the same in every language; the problem's type is ``urn:member-access:<code>``.
        status: the HTTP status.
        reason: names a sentence that says more than the code's own (see ``texts``), or None.
        authenticate: the header that RFC 9110 §11.6.1 requires of every 401: how a caller authenticates. Browsers open
            no password dialog for a scheme that they do not know.
        retry_after: seconds to wait before the next attempt, or None.
        tries_left: wrong guesses before the next limit, or None (see ``GuessGuard.tries_left``).
        allow: the methods of an ``Allow`` header, or empty.
        fields: the rejected fields, or empty.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    reason: ClassVar[str | None] = None
    authenticate: ClassVar[str] = 'MemberAccess realm="member-access"'

    def __init__(
        self,
        *,
        retry_after: int | None = None,
        tries_left: int | None = None,
        allow: tuple[str, ...] = (),
        fields: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after
        self.tries_left = tries_left
        self.allow = allow
        self.fields = fields


_MAX_FRAMES = 8


def describe(error: Exception) -> dict[str, Any]:
    """Return the log fields of an error, without the text of foreign exceptions, which may hold secrets."""
    return {
        "error": type(error).__name__,
        "at": _origin(error),
        "why": str(error) if isinstance(error, MemberAccessError) else None,
    }


def _origin(error: Exception) -> list[str]:
    frames = []
    traceback = error.__traceback__
    while traceback:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-_MAX_FRAMES:]
