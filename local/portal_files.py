"""The portal's published files, their headers, and the configuration that a deployment writes.

CloudFront and the local stack use the same, so a local test shows what members get.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from typing import TYPE_CHECKING, Any

from simulators.template_yaml import parse_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePath

CONFIG_FILE = "config.json"
CACHE_CONTROL = "no-cache"
"""Browsers keep the file but revalidate it each time, so a new version shows at once."""
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
"""Browsers keep the file and do not ask again: a year, and no revalidation on a reload (RFC 8246)."""

_HASH_LENGTH = 16
_HASHED = re.compile(rf"\.[0-9a-f]{{{_HASH_LENGTH}}}\.\w+$")
_POLICY = "PortalHeaders"
_HSTS = "Strict-Transport-Security"
# Operating systems have different media types for these.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_FONTS = {".woff2": "font/woff2"}


def config(parameters: Mapping[str, str], after_sign_in: Mapping[str, str] | None = None) -> bytes:
    """Make ``config.json``.

    Args:
        parameters: those of a stack.
        after_sign_in: where members go who have signed in, by language; None for the portal's own area.
    """
    known: dict[str, object] = {
        "api_url": "/v1",
        "insurer": parameters["InsurerName"],
        "helpline": parameters["InsurerHelpline"],
        "session_idle_seconds": int(parameters["SessionIdleSeconds"]),
    }
    if after_sign_in:
        known["after_sign_in_url"] = dict(after_sign_in)
    # Not among the parameters of older deployments.
    if parameters.get("SignInAfterReset") == "true":
        known["sign_in_after_reset"] = True
    return json.dumps(known, ensure_ascii=False).encode()


def is_published(path: PurePath) -> bool:
    """Return whether a file of the portal is for browsers; the rest of the client's package is for developers."""
    return not path.name.endswith((".d.ts", ".md", "package.json"))


def named_by_content(name: str, content: bytes) -> str:
    """Put a hash of a file's content into its name, before the ending."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]}.{ending}"


def is_named_by_content(name: str) -> bool:
    """Return whether a name holds a hash, so that its file never changes."""
    return bool(_HASHED.search(name))


def cache_control(name: str) -> str:
    """Return how long browsers keep a file."""
    return KEPT_FOR_EVER if is_named_by_content(name) else CACHE_CONTROL


def content_type(name: str) -> str:
    """Return the media type of a file, with the charset if it is text."""
    suffix = name[name.rfind(".") :]
    media_type = {**_TYPES, **_FONTS}.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{media_type}; charset=utf-8" if suffix in _TYPES else media_type


def security_headers(template: str, *, encrypted: bool) -> dict[str, str]:
    """Return the headers that the template's response headers policy adds to every page.

    Args:
        template: the text of ``template.yaml``.
        encrypted: whether the pages use HTTPS; ``Strict-Transport-Security`` has no effect otherwise (RFC 6797 §7.2).
    """
    policy: dict[str, Any] = parse_template(template)["Resources"][_POLICY]["Properties"]["ResponseHeadersPolicyConfig"]
    known = policy["SecurityHeadersConfig"]
    lifetime = known["StrictTransportSecurity"]["AccessControlMaxAgeSec"]
    headers = {
        "Content-Security-Policy": known["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Referrer-Policy": known["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": known["FrameOptions"]["FrameOption"],
        _HSTS: f"max-age={lifetime}; includeSubDomains",
        **{item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]},
    }
    return headers if encrypted else {name: value for name, value in headers.items() if name != _HSTS}
