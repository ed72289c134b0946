"""Events of API Gateway: what is absent is null, names of headers differ in case, and some are sent several times."""

from __future__ import annotations

import base64

import pytest

from member_access.api.cookies import expired_cookie
from member_access.api.gateway import Event, answer, cors_headers
from simulators.sign_in_driver import api_event

ORIGIN = "https://one.example"


def test_an_event_without_headers_or_body_is_read() -> None:
    bare = {**api_event("GET", "/keys", None, {}, "192.0.2.1"), "headers": None, "multiValueHeaders": None}

    assert Event.of(bare) == Event("GET", "/keys", {}, {}, "", "192.0.2.1", "", is_base64=False)


@pytest.mark.parametrize("name", ["Cookie", "cookie", "COOKIE"])
def test_cookies_of_several_headers_are_read(name: str) -> None:
    # A browser may send a header for each cookie by HTTP/2 (RFC 9113 §8.2.3); "headers" then has the last alone.
    event = api_event("POST", "/login", None, {name: "b=2"}, "192.0.2.1")

    assert Event.of({**event, "multiValueHeaders": {name: ["a=1", "b=2"]}}).cookies == "a=1; b=2"


def test_the_resource_counts_and_not_the_path() -> None:
    event = {**api_event("POST", "/login", None, {}, "192.0.2.1"), "path": "/v1/login/"}

    assert Event.of(event).resource == "/login"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", "é".encode()])
def test_a_body_in_base64_is_its_bytes(content: bytes) -> None:
    event = api_event("POST", "/login", base64.b64encode(content).decode(), {}, "192.0.2.1")

    assert Event.of({**event, "isBase64Encoded": True}).body == content


@pytest.mark.parametrize(("text", "is_base64"), [("%", True), ("e30", True), ("\ud800", False)])
def test_a_body_that_cannot_be_decoded_is_an_error(text: str, is_base64: bool) -> None:
    event = api_event("POST", "/login", text, {}, "192.0.2.1")

    with pytest.raises(ValueError, match=r"(?i)base64|surrogates|padding"):
        _ = Event.of({**event, "isBase64Encoded": is_base64}).body


def test_each_cookie_of_an_answer_has_a_header_of_its_own() -> None:
    made = answer(204, {"Vary": "Origin"}, [expired_cookie("a"), expired_cookie("b")], "")

    assert made["multiValueHeaders"]["Vary"] == ["Origin"]
    assert [line.partition(";")[0] for line in made["multiValueHeaders"]["Set-Cookie"]] == ["a=", "b="]


@pytest.mark.parametrize("origin", [None, "", "null", "*", ORIGIN.upper(), f"{ORIGIN}.evil.example"])
def test_only_an_exact_origin_may_read(origin: str | None) -> None:
    assert cors_headers(origin, (ORIGIN,)) == {}
