"""The example of a front-end is served with the client that it uses, and with nothing beside them."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from local.example import Example

API = ("http://localhost:8080", "https://localhost:8080")
CLIENT = Client(Example("//localhost:8080/v1", API))


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html"),
        ("/style.css", "text/css"),
        ("/main.js", "text/javascript"),
        ("/portal/client/api.js", "text/javascript"),
    ],
)
def test_the_example_has_its_pages_and_the_client(path: str, media_type: str) -> None:
    answer = CLIENT.get(path)

    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert f"connect-src 'self' {' '.join(API)};" in answer.headers["Content-Security-Policy"]


def test_the_example_calls_the_api_by_the_scheme_of_its_page() -> None:
    assert CLIENT.get("/config.json").json == {"api_url": "//localhost:8080/v1"}


@pytest.mark.parametrize(
    "path", ["/nowhere", "/portal/client/../main.js", "/portal/brand/links.json", "/..%2fREADME.md"]
)
def test_nothing_else_of_the_project_is_served(path: str) -> None:
    assert CLIENT.get(path).status_code == 404
