"""Sends HTTP requests, without retries or redirects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from member_access.errors import MemberAccessError


class NoResponse(MemberAccessError):
    """There is no complete response. The request may have done its work."""


CONNECT_SECONDS = 3
READ_SECONDS = 10


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; headers and body hold tokens, addresses and letters, so ``repr`` hides them."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response.

    Attributes:
        headers: by their names in lower case.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


Transport = Callable[[HttpRequest], HttpResponse]
"""Sends one request; raises ``NoResponse``."""


class PooledTransport:
    """The real network. Keeps connections for the next letter."""

    def __init__(self, *, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        self._pool = urllib3.PoolManager(
            timeout=Timeout(connect=connect_seconds, read=read_seconds),
            # A repeated request may print a second letter: the queue repeats after checking the provider's state.
            retries=False,
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send a request.

        Raises:
            NoResponse: there is no complete response.
        """
        try:
            response = self._pool.request(
                request.method, request.url, body=request.body, headers=request.headers, redirect=False
            )
        except HTTPError as error:
            raise NoResponse(type(error).__name__) from None
        return HttpResponse(
            response.status, {name.lower(): text for name, text in response.headers.items()}, response.data
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()
