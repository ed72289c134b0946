"""Sends the few requests with which a deployment is tried."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 15.0


@dataclass(frozen=True)
class WebAnswer:
    """The answer to a request.

    Attributes:
        status: of HTTP; 0 if no answer came.
        media_type: the type without its parameters.
        body: the content, or why no answer came.
    """

    status: int
    media_type: str
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """Parse the body; None if it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def __str__(self) -> str:
        """Say in a few words what came."""
        return f"{self.status} {self.media_type}" if self.status else f"no answer ({self.body.decode()})"


class Web(Protocol):
    """Sends requests."""

    def send(self, method: str, url: str, body: Mapping[str, str] | None = None) -> WebAnswer:
        """Send a request, with a JSON object or without a body, and return the answer; redirects are answers."""


class PlainWeb:
    """Sends requests over the network."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(timeout=_SECONDS, retries=False)

    def send(self, method: str, url: str, body: Mapping[str, str] | None = None) -> WebAnswer:
        """Send a request."""
        try:
            answer = self._pool.request(method, url, json=body, headers={"Accept-Language": "en"}, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return WebAnswer(0, "", str(error).encode())
        return WebAnswer(answer.status, answer.headers.get("Content-Type", "").partition(";")[0], answer.data)
