"""The cookies. The prefix ``__Host-`` forces ``Secure``, ``Path=/`` and no ``Domain``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

SESSION_COOKIE = "__Host-session"
RESET_COOKIE = "__Host-reset"
CONFIRM_COOKIE = "__Host-confirm"
DEVICE_COOKIE = "__Host-device-"
"""The beginning of the name of a device cookie; the tag of its member follows."""

DEVICE_COOKIES = f"{DEVICE_COOKIE}<tag>"
"""The device cookies in documents."""

MOST_DEVICE_COOKIES = 5
"""Members for whom one browser can be known."""

_MAX_COOKIE = 200
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A token (RFC 9110 §5.6.2), as names of cookies are (RFC 6265 §4.1.1)."""


def host_cookie(name: str, value: Secret, max_age: int | None = None) -> Cookie:
    """Return a cookie that scripts cannot read and other sites cannot send.

    Args:
        name: of the cookie.
        value: of the cookie.
        max_age: seconds, or None for a cookie that ends with the browser.
    """
    return _cookie(name, value.reveal(), max_age)


def device_cookie_name(tag: str) -> str:
    """Return the name of the device cookie of the member whom a tag stands for."""
    return f"{DEVICE_COOKIE}{tag}"


def device_cookies(name: str, token: Secret, max_age: int, sent: Mapping[str, Secret]) -> tuple[Cookie, ...]:
    """Return the device cookie of a member, and the expired ones of the members for whom a browser has no room left.

    Args:
        name: of the cookie.
        token: its value.
        max_age: seconds.
        sent: the cookies of the request. Browsers send the oldest first (RFC 6265 §5.4).
    """
    others = [other for other in sent if other.startswith(DEVICE_COOKIE) and other != name]
    too_many = others[: max(len(others) - MOST_DEVICE_COOKIES + 1, 0)]
    return host_cookie(name, token, max_age), *(expired_cookie(other) for other in too_many)


def expired_cookie(name: str) -> Cookie:
    """Return a cookie that makes the browser delete the one of this name."""
    return _cookie(name, "", 0)


def _cookie(name: str, value: str, max_age: int | None) -> Cookie:
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
    """Parse a ``Cookie`` header (RFC 6265 §4.2.1) and drop overlong cookies.

    Drop cookies whose name is no token, and all cookies of a name that occurs twice. A sibling host can set a cookie
    whose name differs from ours by a blank, because browsers then do not check the prefix.
    """
    cookies: dict[str, Secret] = {}
    twice = set()
    for pair in (header or "").split(";"):
        name, separator, value = pair.strip(" \t").partition("=")
        if not separator or not _NAME.fullmatch(name):
            continue
        if name in cookies:
            twice.add(name)
        cookies[name] = Secret(value)
    return {name: value for name, value in cookies.items() if name not in twice and len(value.reveal()) <= _MAX_COOKIE}
