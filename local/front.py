"""The one address of a local stack: the API, the pages and the inbox under one origin, as CloudFront serves them."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from http import HTTPStatus
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import urllib3
from urllib3.util import SKIP_HEADER
from werkzeug.exceptions import BadGateway, HTTPException
from werkzeug.http import is_hop_by_hop_header
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

from local.errors import PortInUseError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from local.inbox import Inbox

HOST = "127.0.0.1"
"""Where the front listens: nothing of a laptop's stack is for others on its network."""

_USUAL_PORT = 8080

# API Gateway's own limits: ten megabytes a request, 29 seconds an answer.
_LONGEST_BODY = 10 * 1024 * 1024
_ANSWER_WITHIN_SECONDS = 30

# Every function that runs at the same time is a process of some sixty megabytes; further calls wait their turn.
_CALLS_AT_ONCE = 8

# The request that goes on is another one, from another client to another host; the answer is this server's.
_NOT_FORWARDED = frozenset(
    ("host", "content-length", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")
)
_NOT_RETURNED = frozenset(("date", "server"))

_WELCOME = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Espace Adhérent access</title>
<h1>Espace Adhérent access</h1>
<p>The stack runs on this machine.</p>
<dl>
<dt>API</dt><dd>${origin}v1 (keys: <a href="/v1/.well-known/jwks.json">/v1/.well-known/jwks.json</a>)</dd>
<dt>Inbox</dt><dd><a href="/inbox">/inbox</a></dd>
</dl>
</html>
""")


class Api:
    """The API of the local cloud, as a WSGI application.

    The caller's address goes along, and is the one the connection has: what a client says of itself in
    ``X-Forwarded-For`` is not believed, as API Gateway does not. So limits by source can be tried from 127.0.0.2,
    127.0.0.3 and so on.

    Args:
        url: the stage's address in the local cloud, without a trailing slash.
    """

    def __init__(self, url: str) -> None:
        parsed = urllib3.util.parse_url(url)
        self._path = parsed.path or ""
        self._pool = urllib3.HTTPConnectionPool(parsed.host or HOST, parsed.port, maxsize=_CALLS_AT_ONCE, block=True)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Forward a request, and the answer with every header."""
        request = Request(environ)
        request.max_content_length = _LONGEST_BODY
        try:
            answer = self._forward(request)
        except HTTPException as refused:
            return _problem(refused)(environ, start_response)
        headers = [
            (name, value)
            for name, value in answer.headers.items()
            if name.lower() not in _NOT_RETURNED and not is_hop_by_hop_header(name)
        ]
        start_response(f"{answer.status} {answer.reason or HTTPStatus(answer.status).phrase}", headers)
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
                timeout=urllib3.Timeout(connect=2, read=_ANSWER_WITHIN_SECONDS),
                redirect=False,
                retries=False,
                decode_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise BadGateway(
                "The local cloud does not answer: look at what make run says, and start it again."
            ) from error


def _forwarded_headers(request: Request) -> dict[str, str]:
    kept = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in _NOT_FORWARDED and not is_hop_by_hop_header(name)
    }
    # Of these the HTTP client would make up its own where the caller sent none.
    absent = {name: SKIP_HEADER for name in ("Accept-Encoding", "User-Agent") if name not in kept}
    return {**kept, **absent, "X-Forwarded-For": request.remote_addr or HOST}


class Pages:
    """Everything but the API: the portal where there is one, else a page that says what runs, and the inbox."""

    def __init__(self, portal: Path, inbox: Inbox) -> None:
        self._portal = portal
        self._inbox = inbox
        self._routes = Map(
            [
                Rule("/inbox", endpoint="inbox"),
                Rule("/inbox/messages.json", endpoint="messages"),
                Rule("/", defaults={"file": "index.html"}, endpoint="page"),
                Rule("/<path:file>", endpoint="page"),
            ],
            merge_slashes=False,
            redirect_defaults=False,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        try:
            endpoint, arguments = self._routes.bind_to_environ(environ).match()
            response = self._answer(request, endpoint, arguments)
        except HTTPException as refused:
            response = _problem(refused)
        return response(environ, start_response)

    def _answer(self, request: Request, endpoint: str, arguments: Mapping[str, Any]) -> Response:
        match endpoint:
            case "inbox":
                return Response(self._inbox.page(), mimetype="text/html")
            case "messages":
                return Response(json.dumps(self._inbox.messages()), mimetype="application/json")
        if request.path == "/" and not self._portal.is_dir():
            return Response(_WELCOME.substitute(origin=request.host_url), mimetype="text/html")
        return send_from_directory(self._portal, arguments["file"], request.environ)


def _problem(refused: HTTPException) -> Response:
    """A refusal in the form of the API's (RFC 9457)."""
    response = Response(
        json.dumps(
            {
                "type": "about:blank",
                "title": refused.name,
                "status": refused.code,
                "detail": refused.description,
            }
        ),
        status=refused.code,
        mimetype="application/problem+json",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def front(api: WSGIApplication, pages: WSGIApplication) -> WSGIApplication:
    """The WSGI application of the whole address."""
    return DispatcherMiddleware(pages, {"/v1": api})


def listening_socket(port: int) -> socket.socket:
    """A socket that has the port from now on, so that the port cannot be lost while the stack is set up.

    Whoever calls meanwhile waits, and is answered when the stack is ready.

    Args:
        port: the port, or 0 for any free one.

    Raises:
        PortInUseError: it cannot be had.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except PermissionError:
        listener.close()
        raise PortInUseError(f"Port {port} is not allowed to you: run make run PORT={_USUAL_PORT}.") from None
    except OSError:
        listener.close()
        other = _USUAL_PORT + 1 if port == _USUAL_PORT else _USUAL_PORT
        raise PortInUseError(f"Port {port} is in use: stop what uses it, or run make run PORT={other}.") from None
    return listener


class _Quiet(WSGIRequestHandler):
    """Serves without a line for every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def serving(application: WSGIApplication, listener: socket.socket) -> Generator[None]:
    """Serve an application on a listening socket, each request in a thread."""
    host, port = listener.getsockname()
    server = make_server(host, port, application, threaded=True, request_handler=_Quiet, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="front", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
