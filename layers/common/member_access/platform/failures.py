"""The log fields of a failure: its kind and its origin, never a value."""

from __future__ import annotations

from typing import Any

from member_access.errors import MemberAccessError

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
