"""Refuses a request with the provider's error code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from werkzeug.wrappers import Request as WsgiRequest


class Refused(Exception):
    """The request breaks a rule.

    Attributes:
        code: the provider's, or one that begins with FAKE if the real provider has no code or no rule for it.
        pointer: the wrong part of the body, if the provider says so.
    """

    def __init__(self, code: str, pointer: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.pointer = pointer


def check(holds: bool, code: str, pointer: str = "") -> None:
    """Refuse with the code unless the rule holds."""
    if not holds:
        raise Refused(code, pointer)


def only(content: dict[str, Any], known: Collection[str]) -> None:
    """Refuse fields that the provider does not know."""
    for name in content:
        check(name in known, f"FAKE_UNKNOWN_FIELD_{name.upper()}")


def json_object(request: WsgiRequest, content_type: str) -> dict[str, Any]:
    """Read the body as a JSON object of this content type."""
    check(request.mimetype == content_type, "FAKE_WRONG_CONTENT_TYPE")
    content = request.get_json(force=True, silent=True)
    if not isinstance(content, dict):
        raise Refused("FAKE_NOT_A_JSON_OBJECT")
    return content
