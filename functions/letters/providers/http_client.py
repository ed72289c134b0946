"""HTTP as the providers need it: one request, one reply or none, no retry and no redirect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from member_access.errors import MemberAccessError


class NoReply(MemberAccessError):
    """No reply, or half of one. The request may have done its work."""


CONNECT_SECONDS = 3
READ_SECONDS = 10


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent; headers and body hold tokens, addresses and letters, so ``repr`` leaves them out."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back.

    Attributes:
        headers: their names in lower case.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


Transport = Callable[[HttpRequest], HttpResponse]
"""Sends one request; raises ``NoReply``."""


class PooledTransport:
    """The real network. Connections are kept for the next letter."""

    def __init__(self, *, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        self._pool = urllib3.PoolManager(
            timeout=Timeout(connect=connect_seconds, read=read_seconds),
            # A repeated request may print a second letter: the queue repeats, after a look at the provider's state.
            retries=False,
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send a request.

        Raises:
            NoReply: nothing came back.
        """
        try:
            reply = self._pool.request(
                request.method, request.url, body=request.body, headers=request.headers, redirect=False
            )
        except HTTPError as error:
            raise NoReply(type(error).__name__) from None
        return HttpResponse(reply.status, {name.lower(): text for name, text in reply.headers.items()}, reply.data)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()
