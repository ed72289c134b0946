"""The one address of a local stack: the API and the pages under one origin, as CloudFront serves them."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from local.errors import PortInUse

if TYPE_CHECKING:
    from collections.abc import Generator

    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
"""The loopback address: other machines on the network cannot reach a local stack."""

_USUAL_PORT = 8080


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


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write no line for a request."""


@contextmanager
def serving(application: WSGIApplication, listener: socket.socket) -> Generator[None]:
    """Serve an application on a listening socket until the end of the block, each request in a thread."""
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
