"""Requests go over the network as they are, and no answer is an answer too."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from tools.deployment.web import PlainWeb

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.enable_socket


class Echo(BaseHTTPRequestHandler):
    """Answers with what it gets; ``/elsewhere`` redirects."""

    def do_POST(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(302 if self.path == "/elsewhere" else 401)
        self.send_header("Location", "/")
        self.send_header("Content-Type", f"{self.headers.get('Content-Type', 'text/plain')}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the name of the library

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_object_is_sent_as_json(address: str) -> None:
    answer = PlainWeb().send("POST", f"{address}/v1/login", {"identifier": "A"})

    assert (answer.status, answer.media_type, answer.json()) == (401, "application/json", {"identifier": "A"})
    assert str(answer) == "401 application/json"


def test_a_redirect_is_an_answer(address: str) -> None:
    assert PlainWeb().send("GET", f"{address}/elsewhere").status == 302


def test_a_server_that_is_not_there_gives_no_answer() -> None:
    answer = PlainWeb().send("GET", "http://127.0.0.1:1/")

    assert answer.status == 0
    assert str(answer).startswith("no answer (")
    assert answer.json() is None
