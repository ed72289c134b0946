"""The one address of a local stack: the API and the pages under one origin, as CloudFront serves them.

The same port answers over http and over https.
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from local.errors import PortInUse

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator

    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
"""The loopback address: other machines on the network cannot reach a local stack."""

_USUAL_PORT = 8080
_LAST_PORT = 65535
_APART = 100
_HANDSHAKE = b"\x16"
"""The first byte of a TLS connection (RFC 8446 §5.1): no method of HTTP starts with it."""


def front(api: WSGIApplication, pages: WSGIApplication, inbox: WSGIApplication) -> WSGIApplication:
    """Join the WSGI applications under one address."""
    return DispatcherMiddleware(pages, {"/v1": api, "/inbox": inbox})


def listening_socket(port: int) -> socket.socket:
    """Open a socket now, so that no other program can take the port while the stack starts; early calls wait.

    Args:
        port: the port, or 0 for any free one.

    Raises:
        PortInUse: the port is in use or not permitted.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except PermissionError:
        listener.close()
        raise PortInUse(f"You may not use port {port}. Choose another port: make run PORT={_USUAL_PORT}") from None
    except OSError:
        listener.close()
        other = _USUAL_PORT + 1 if port == _USUAL_PORT else _USUAL_PORT
        raise PortInUse(
            f"Port {port} is in use. Stop the program that uses it, or choose another port: make run PORT={other}"
        ) from None
    return listener


def neighbouring_socket(port: int) -> socket.socket:
    """Open a socket like ``listening_socket``, a hundred ports above another if that one is free, or anywhere."""
    if 0 < port <= _LAST_PORT - _APART:
        with suppress(PortInUse):
            return listening_socket(port + _APART)
    return listening_socket(0)


class _Handler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write no line for a request."""

    def send_header(self, keyword: str, value: str) -> None:
        """Leave out what would keep a browser from every http address of this machine, for two years."""
        if keyword.lower() != "strict-transport-security":
            super().send_header(keyword, value)


class _Server(ThreadedWSGIServer):
    def __init__(self, application: WSGIApplication, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        host, port = listener.getsockname()
        super().__init__(host, port, application, _Handler, fd=listener.fileno())
        self._tls = tls

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library has it
        """Answer a connection, in its own thread."""
        if not self._tls or request.recv(1, socket.MSG_PEEK) != _HANDSHAKE:
            super().finish_request(request, client_address)
            return
        with self._tls.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library has it
        """Say nothing of connections that the browser ends, as it does if it does not trust the certificate."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(
    application: WSGIApplication, listener: socket.socket, tls: ssl.SSLContext | None = None
) -> Generator[None]:
    """Serve an application on a listening socket until the end of the block, each connection in a thread.

    Args:
        application: what to serve.
        listener: the socket.
        tls: for connections over https; None for http alone.
    """
    server = _Server(application, listener, tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="front", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
