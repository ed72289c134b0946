"""The event and the answer of API Gateway (Lambda proxy integration of a REST API).

API Gateway has routed before a function runs: an event names the resource of the template. So a function needs no
router, and the start of Powertools' takes a fifth of the time of all other imports (docs/performance.md).
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from aws_lambda_powertools.shared.cookies import Cookie

_ALLOWED_HEADERS = "Accept-Language,Authorization,Content-Type"
_SECONDS_OF_A_PREFLIGHT = "600"


class Event(NamedTuple):
    """A request, as API Gateway passes it on ("Input format of a Lambda function for proxy integration").

    Attributes:
        method: the HTTP method.
        resource: the path in the template, without the stage or the base path of a custom domain.
        path: the variable parts of the path, by name.
        headers: the headers, by lower-case name; the last value of those sent several times.
        cookies: the ``Cookie`` headers, as one.
        peer: the address that called API Gateway.
        text: the body as it is passed on.
        is_base64: whether ``text`` has the body's bytes in Base64.
    """

    method: str
    resource: str
    path: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: str
    peer: str
    text: str
    is_base64: bool

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Event:
        """Read an event; what is absent is null."""
        several = event["multiValueHeaders"] or {}
        return cls(
            method=event["httpMethod"].upper(),
            resource=event["resource"],
            path=event["pathParameters"] or {},
            headers={name.lower(): value for name, value in (event["headers"] or {}).items()},
            cookies="; ".join(value for name, all_ in several.items() if name.lower() == "cookie" for value in all_),
            peer=event["requestContext"]["identity"]["sourceIp"] or "",
            text=event["body"] or "",
            is_base64=bool(event["isBase64Encoded"]),
        )

    @property
    def body(self) -> bytes:
        """The bytes of the body.

        Raises:
            ValueError: they should be in Base64 and are not, or are text that UTF-8 cannot encode.
        """
        return b64decode(self.text, validate=True) if self.is_base64 else self.text.encode()


def answer(status: int, headers: Mapping[str, str], cookies: Sequence[Cookie], body: str) -> dict[str, Any]:
    """Build the answer ("Output format of a Lambda function for proxy integration")."""
    values = {name: [value] for name, value in headers.items()}
    if cookies:
        values["Set-Cookie"] = [str(cookie) for cookie in cookies]
    return {"statusCode": status, "multiValueHeaders": values, "body": body, "isBase64Encoded": False}


def cors_headers(origin: str | None, allowed: Collection[str]) -> dict[str, str]:
    """Return the headers by which a browser lets a page of another origin read an answer (Fetch standard, §3.3.3).

    Args:
        origin: the request's, or None.
        allowed: the origins that may read it.
    """
    if origin is None or origin not in allowed:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "Retry-After",
    }


def preflight_headers(methods: Collection[str]) -> dict[str, str]:
    """Return the headers of an answer to the question of a browser what a page of another origin may send."""
    return {
        "Access-Control-Allow-Methods": ",".join(methods),
        "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
        "Access-Control-Max-Age": _SECONDS_OF_A_PREFLIGHT,
    }
