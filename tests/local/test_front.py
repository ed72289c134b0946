"""One port answers over http and over https."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NamedTuple

import pytest
import urllib3
from werkzeug.wrappers import Response

from local.certificate import tls_context
from local.front import listening_socket, neighbouring_socket, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.enable_socket

HSTS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


class Served(NamedTuple):
    """A server, and the certificate to trust."""

    port: int
    certificate: Path


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server that greets everyone, as the API does with its security headers."""
    certificate = tmp_path / "localhost.pem"
    with listening_socket(0) as listener, serving(Response("hello", headers=HSTS), listener, tls_context(certificate)):
        yield Served(listener.getsockname()[1], certificate)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_port_answers_over_both_schemes(served: Served, scheme: str) -> None:
    with urllib3.PoolManager(ca_certs=str(served.certificate)) as pool:
        answers = [pool.request("GET", f"{scheme}://localhost:{served.port}/", retries=False) for _ in range(2)]

    assert [(answer.status, answer.data) for answer in answers] == [(200, b"hello")] * 2
    # A browser that trusts the certificate would keep to https for every port of localhost.
    assert "Strict-Transport-Security" not in answers[0].headers


def test_browsers_that_do_not_trust_the_certificate_leave_no_trace(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    with urllib3.PoolManager() as pool, pytest.raises(urllib3.exceptions.SSLError):
        pool.request("GET", f"https://localhost:{served.port}/", retries=False)
    with socket.create_connection(("127.0.0.1", served.port)) as talker:
        talker.sendall(b"\x16 and no handshake")
    with socket.create_connection(("127.0.0.1", served.port)):
        pass

    assert urllib3.request("GET", f"http://localhost:{served.port}/").data == b"hello"
    assert capsys.readouterr() == ("", "")


def test_the_second_origin_is_a_hundred_ports_above_if_it_can_be() -> None:
    with listening_socket(0) as anywhere:
        port = anywhere.getsockname()[1]
    with neighbouring_socket(port) as first, neighbouring_socket(port) as second:
        assert first.getsockname()[1] == port + 100
        assert second.getsockname()[1] not in {port, port + 100}
    with neighbouring_socket(0) as anywhere:
        assert anywhere.getsockname()[1] > 0
