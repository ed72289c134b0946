"""The root of the one exception tree; every error stands with what raises it.

MemberAccessError
├── SettingsError          a setting is missing or wrong: the function does not start
├── InvalidValue           text that cannot be what it should be (an identifier, a PIN …)
├── Unavailable            an AWS service did not answer as it should; nothing was decided
├── Conflict               a conditional write found another state than the one it was decided on
├── NotYet                 what must be there first is not there yet: it is worth coming back
└── Refusal                what a caller is told, as a problem (RFC 9457)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


class MemberAccessError(Exception):
    """Everything this package raises on purpose."""


class SettingsError(MemberAccessError):
    """A setting is missing or wrong; the message names the environment variable, never its value."""


class InvalidValue(MemberAccessError, ValueError):
    """Text that cannot be the thing it should be. The message never repeats the text."""


class Unavailable(MemberAccessError):
    """An AWS service failed or throttled. Nothing was decided, and nobody is let in."""


class Conflict(MemberAccessError):
    """A conditional write found another state than the one the decision was made on."""


class NotYet(MemberAccessError):
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


class Refusal(MemberAccessError):
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


_MOST_FRAMES = 8


def describe(error: Exception) -> dict[str, Any]:
    """What the log says of a failure: its kind and origin; the text of a foreign exception may hold a value."""
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
    return frames[-_MOST_FRAMES:]
