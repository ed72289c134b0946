"""Reaches a fake by a function call, for tests without sockets, or through a real HTTP server."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from socket import SHUT_RDWR
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request as WsgiRequest

from letters.providers.http_client import HttpRequest, HttpResponse, NoResponse, Transport
from simulators.print_providers.fake_provider import FakeProvider, ReplyDropped

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment


def in_process(fake: FakeProvider) -> Transport:
    """A transport that calls the fake directly."""

    def send(request: HttpRequest) -> HttpResponse:
        try:
            with WsgiRequest(_environ(request)) as received:
                response = fake.handle(received)
        except ReplyDropped:
            raise NoResponse("dropped") from None
        return HttpResponse(
            response.status_code,
            {name.lower(): text for name, text in response.headers.items()},
            response.get_data(),
        )

    return send


def _environ(request: HttpRequest) -> dict[str, Any]:
    parts = urlsplit(request.url)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in request.headers.items()}
    return {
        **headers,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port or 443),
        "HTTP_HOST": parts.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(request.body),
    }


class _SilentHandler(WSGIRequestHandler):
    """Keeps addresses and letters out of the log."""

    def log(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def serving(fake: FakeProvider, port: int = 0) -> Generator[str]:
    """Serve a fake on 127.0.0.1, by default on a free port; yield its URL without a trailing slash."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            with WsgiRequest(environ) as received:
                response = fake.handle(received)
        except ReplyDropped:
            environ["werkzeug.socket"].shutdown(SHUT_RDWR)
            raise ConnectionResetError from None
        return response(environ, start_response)

    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=_SilentHandler)
    thread = Thread(target=server.serve_forever, name=f"fake-{type(fake).__name__}", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
