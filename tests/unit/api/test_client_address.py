"""Whose address a failure counts for: never one that the caller could choose."""

from __future__ import annotations

import ast
import inspect

import pytest
from pydantic import SecretStr

from member_access.api import client_address as client_address_module
from member_access.api.client_address import client_address

PEER = "192.0.2.7"
SECRET = "long-and-random"


@pytest.mark.parametrize(
    ("shown", "said", "address"),
    [
        (SECRET, "203.0.113.9", "203.0.113.9"),
        (SECRET, "2001:db8::9", "2001:db8::9"),
        ("guessed", "203.0.113.9", PEER),
        ("", "203.0.113.9", PEER),
        (None, "203.0.113.9", PEER),
        ("é", "203.0.113.9", PEER),
        (SECRET[:-1], "203.0.113.9", PEER),
        (SECRET.upper(), "203.0.113.9", PEER),
        (SECRET, "", PEER),
        (SECRET, None, PEER),
        (SECRET, "203.0.113.9, 198.51.100.1", PEER),
        (SECRET, "not an address", PEER),
    ],
)
def test_the_address_in_the_header_counts_only_beside_the_secret(
    shown: str | None, said: str | None, address: str
) -> None:
    headers = {"x-origin-verify": shown, "true-client-ip": said}
    sent = {name: text for name, text in headers.items() if text is not None}

    assert client_address(PEER, sent, SecretStr(SECRET)) == address


@pytest.mark.parametrize("shown", ["", "anything"])
def test_where_nothing_stands_in_front_no_header_is_believed(shown: str) -> None:
    headers = {"x-origin-verify": shown, "true-client-ip": "203.0.113.9"}

    assert client_address(PEER, headers, SecretStr("")) == PEER


def test_the_duration_of_the_comparison_reveals_nothing() -> None:
    nodes = list(ast.walk(ast.parse(inspect.getsource(client_address_module))))

    assert "hmac.compare_digest" in {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    assert [ast.unparse(node) for node in nodes if isinstance(node, ast.Compare)] == []
