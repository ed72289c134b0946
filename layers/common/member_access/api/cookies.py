"""The two cookies. The prefix ``__Host-`` forces ``Secure``, ``Path=/`` and no ``Domain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

SESSION_COOKIE = "__Host-session"
DEVICE_COOKIE = "__Host-device"

_MAX_COOKIE = 200


def host_cookie(name: str, value: Secret, max_age: int) -> Cookie:
    """Return a cookie that scripts cannot read and other sites cannot send; ``max_age`` in seconds."""
    return _cookie(name, value.reveal(), max_age)


def expired_cookie(name: str) -> Cookie:
    """Return a cookie that makes the browser delete the one of this name."""
    return _cookie(name, "", 0)


def _cookie(name: str, value: str, max_age: int) -> Cookie:
    return Cookie(
        name=name,
        value=value,
        path="/",
        secure=True,
        http_only=True,
        same_site=SameSite.STRICT_MODE,
        max_age=max_age,
    )


def sent_cookies(header: str | None) -> Mapping[str, Secret]:
    """Parse a ``Cookie`` header (RFC 6265 §4.2.1); keep the first cookie of each name and drop overlong ones."""
    cookies: dict[str, Secret] = {}
    for pair in (header or "").split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator and len(value) <= _MAX_COOKIE:
            cookies.setdefault(name, Secret(value))
    return cookies
