"""Forwards calls to the API in the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import urllib3
from urllib3.util import SKIP_HEADER
from werkzeug.exceptions import BadGateway, HTTPException
from werkzeug.http import is_hop_by_hop_header
from werkzeug.wrappers import Request

from local.responses import problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# API Gateway's own limits: ten megabytes for a request, 29 seconds for a response.
_MAX_BODY = 10 * 1024 * 1024
_RESPONSE_TIMEOUT_SECONDS = 30

# Each concurrent function is a process of about sixty megabytes; further calls wait.
_CALLS_AT_ONCE = 8

# The forwarded request has another client and another host; the response comes from this server.
_NOT_FORWARDED = frozenset(
    ("host", "content-length", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")
)
_NOT_RETURNED = frozenset(("date", "server"))


class ApiProxy:
    """The API of the local cloud, as a WSGI application.

    It forwards the address of the connection and ignores the client's own ``X-Forwarded-For``, as API Gateway does. So
    limits by source can be tried from 127.0.0.2, 127.0.0.3 and so on.

    Args:
        url: the stage's address in the local cloud, without a trailing slash.
    """

    def __init__(self, url: str) -> None:
        parsed = urllib3.util.parse_url(url)
        self._path = parsed.path or ""
        self._pool = urllib3.HTTPConnectionPool(parsed.host or "", parsed.port, maxsize=_CALLS_AT_ONCE, block=True)

    def direct_to(self, url: str) -> None:
        """Forward to another stage of the same cloud from now on."""
        self._path = urllib3.util.parse_url(url).path or ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Forward a request, and return the response with every end-to-end header."""
        request = Request(environ)
        request.max_content_length = _MAX_BODY
        try:
            answer = self._forward(request)
        except HTTPException as refused:
            return problem(refused)(environ, start_response)
        headers = [
            (name, value)
            for name, value in answer.headers.items()
            if name.lower() not in _NOT_RETURNED and not is_hop_by_hop_header(name)
        ]
        start_response(f"{answer.status} {answer.reason}", headers)
        return [answer.data]

    def _forward(self, request: Request) -> urllib3.BaseHTTPResponse:
        path = quote(request.environ["PATH_INFO"].encode("latin-1"), safe="/!$&'()*+,:;=@~")
        query = request.environ["QUERY_STRING"]
        try:
            return self._pool.urlopen(
                request.method,
                self._path + path + (f"?{query}" if query else ""),
                body=request.get_data(cache=False) or None,
                headers=_forwarded_headers(request),
                timeout=urllib3.Timeout(connect=2, read=_RESPONSE_TIMEOUT_SECONDS),
                redirect=False,
                retries=False,
                decode_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise BadGateway(
                "The local cloud is not responding. Read the output of make run, then restart it."
            ) from error


def _forwarded_headers(request: Request) -> dict[str, str]:
    kept = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in _NOT_FORWARDED and not is_hop_by_hop_header(name)
    }
    # The HTTP client would add its own if the caller sent none.
    absent = {name: SKIP_HEADER for name in ("Accept-Encoding", "User-Agent") if name not in kept}
    return {**kept, **absent, "X-Forwarded-For": request.remote_addr or ""}
