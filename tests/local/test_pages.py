"""The portal as the local stack serves it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client, TestResponse

from local.pages import Pages
from local.portal_files import config, security_headers
from simulators.template import ROOT, project_template

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = config(project_template().parameter_defaults())
HEADERS = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=False)


def get(path: str, portal: Path = ROOT / "portal") -> TestResponse:
    return Client(Pages(portal, CONFIG, HEADERS)).get(path, buffered=True)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/main.js", "text/javascript; charset=utf-8"),
        ("/styles/page.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("/config.json", "application/json; charset=utf-8"),
    ],
)
def test_a_portal_file_has_its_type_and_the_headers_of_the_template(path: str, content_type: str) -> None:
    answer = get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_configuration_names_the_api_and_the_telephone() -> None:
    assert get("/config.json").json == {
        "api_url": "/v1",
        "insurer": "Mutuelle de l’Exemple",
        "helpline": "01 99 00 12 34",
        "session_idle_seconds": 1800,
    }


def test_the_configuration_says_where_a_reset_ends_signed_in() -> None:
    """Parameters of older deployments do not name it."""
    parameters = project_template().parameter_defaults()
    older = {name: value for name, value in parameters.items() if name != "SignInAfterReset"}

    assert json.loads(config({**parameters, "SignInAfterReset": "true"}))["sign_in_after_reset"] is True
    assert "sign_in_after_reset" not in json.loads(config(older))


def test_a_file_that_the_browser_has_is_not_sent_again() -> None:
    client = Client(Pages(ROOT / "portal", CONFIG, HEADERS))
    etag = client.get("/main.js").headers["ETag"]
    answer = client.get("/main.js", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_declarations_of_types_are_not_for_browsers() -> None:
    assert (ROOT / "portal" / "client" / "api.d.ts").is_file()
    assert get("/client/api.d.ts").status_code == 404


def test_nothing_beside_the_portal_is_served(tmp_path: Path) -> None:
    portal = tmp_path / "portal"
    portal.mkdir()
    (tmp_path / "secret.txt").write_text("secret")

    for path in ("/../secret.txt", "/..%2fsecret.txt", "//etc/hostname"):
        assert get(path, portal=portal).status_code == 404


def test_an_unknown_page_is_a_problem() -> None:
    answer = get("/nowhere")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 404
