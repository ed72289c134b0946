"""Tries a deployed stack from outside: the portal, its configuration, the public documents, a sign-in, a wrong path.

The sign-in is one of an identifier that no member has. It is counted as any other failure, so a deployment leaves one
counter of an unknown identifier behind, which expires.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tools.deployment.web import Web, WebAnswer

_PROBLEM = "application/problem+json"
_SHORTEST, _LONGEST = 4, 16
TRIES = 6
SECONDS_BETWEEN = 5.0
"""CloudFront may keep a file for a second, and a function may start; half a minute is enough for both."""


@dataclass(frozen=True)
class Check:
    """One request, and what its answer must be.

    Attributes:
        name: the end of the sentence "… answers".
        method: of HTTP.
        path: below the address under test.
        body: the fields, or None.
        expected: what is right, in words.
        is_right: decides.
    """

    name: str
    method: str
    path: str
    body: Mapping[str, str] | None
    expected: str
    is_right: Callable[[WebAnswer], bool]


def checks_of_portal(config: bytes) -> Iterator[Check]:
    """Yield the checks of a hosted portal whose ``config.json`` has this content."""
    yield Check(
        "The portal's first page", "GET", "/", None, "200 text/html", lambda it: _is(it, 200, "text/html", b"<html")
    )
    yield Check(
        "config.json",
        "GET",
        "/config.json",
        None,
        "the file just published",
        lambda it: (it.status, it.body) == (200, config),
    )


def checks_of_api(issuer: str, pattern: str) -> Iterator[Check]:
    """Yield the checks of the API.

    Args:
        issuer: the issuer of its tokens.
        pattern: the pattern of identifiers.
    """
    yield Check(
        "The list of signing keys",
        "GET",
        "/v1/.well-known/jwks.json",
        None,
        "200 with a key",
        lambda it: it.status == 200 and bool(_object(it).get("keys")),  # noqa: PLR2004 - HTTP
    )
    yield Check(
        "The discovery document",
        "GET",
        "/v1/.well-known/openid-configuration",
        None,
        f"200 with the issuer {issuer}",
        lambda it: it.status == 200 and _object(it).get("issuer") == issuer,  # noqa: PLR2004 - HTTP
    )
    yield Check(
        "A sign-in of an unknown identifier",
        "POST",
        "/v1/login",
        {"identifier": unlikely_identifier(pattern), "pin": "905172"},
        f"401 {_PROBLEM}",
        lambda it: _is(it, 401, _PROBLEM) and _object(it).get("code") == "invalid-credentials",
    )
    yield Check(
        "An unknown path", "GET", "/v1/no-such-path", None, f"404 {_PROBLEM}", lambda it: _is(it, 404, _PROBLEM)
    )


def unlikely_identifier(pattern: str) -> str:
    """Invent an identifier of the right form, another each time: a counter of failures that is used up answers 429.

    Returns:
        One that matches the pattern; if no invented one does, one that does not, and the sign-in answers 422.
    """
    invented = [
        "".join(secrets.choice(letters) for _ in range(length))
        for letters in (string.ascii_uppercase, string.ascii_uppercase + string.digits, string.digits)
        for length in range(_LONGEST, _SHORTEST - 1, -1)
    ]
    return next((one for one in invented if re.fullmatch(pattern, one)), invented[0])


def failures(web: Web, origin: str, checks: Iterable[Check], pause: Callable[[float], None]) -> list[str]:
    """Try each check, a few times if need be.

    Args:
        web: sends the requests.
        origin: the scheme and host under test.
        checks: what to try.
        pause: waits for that many seconds.

    Returns:
        A sentence for each check that fails; none if the deployment answers as it should.
    """
    found = []
    for check in checks:
        for tried in range(TRIES):
            if tried:
                pause(SECONDS_BETWEEN)
            answer = web.send(check.method, origin + check.path, check.body)
            if check.is_right(answer):
                break
        else:
            found.append(
                f"{check.name} ({check.method} {origin}{check.path}) must answer {check.expected}; it answers {answer}."
            )
    return found


def _is(answer: WebAnswer, status: int, media_type: str, part: bytes = b"") -> bool:
    return (answer.status, answer.media_type) == (status, media_type) and part in answer.body


def _object(answer: WebAnswer) -> dict[str, Any]:
    parsed = answer.json()
    return parsed if isinstance(parsed, dict) else {}
