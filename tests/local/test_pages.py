"""The portal as the local stack serves it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client, TestResponse

from local.pages import Pages
from local.portal_files import config, security_headers
from local.portal_site import EXAMPLE_BRAND, SiteFolder
from simulators.template import ROOT, project_template

if TYPE_CHECKING:
    from pathlib import Path

PARAMETERS = {**project_template().parameter_defaults(), "PublicOrigin": "http://localhost:8080"}
TODAY = date(2026, 11, 30)
HEADERS = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=False)
PAGES = Pages(SiteFolder(ROOT, None, PARAMETERS, TODAY), HEADERS)


def get(path: str) -> TestResponse:
    return Client(PAGES).get(path, buffered=True)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/main.js", "text/javascript; charset=utf-8"),
        ("/brand/styles.css", "text/css; charset=utf-8"),
        ("/brand/logo.svg", "image/svg+xml; charset=utf-8"),
        ("/brand/touch-icon.png", "image/png"),
        ("/pages/legal-notice.en.html", "text/html; charset=utf-8"),
        ("/config.json", "application/json; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8"),
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
    client = Client(PAGES)
    etag = client.get("/main.js").headers["ETag"]
    answer = client.get("/main.js", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name",
    ["client/api.d.ts", "client/package.json", "client/README.md", "page.html", "parts/footer.html", "styles/page.css"],
)
def test_what_pages_are_made_from_is_not_for_browsers(name: str) -> None:
    assert (ROOT / "portal" / name).is_file()
    assert get(f"/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/..%2fsecret.txt", "//etc/hostname", "/brand/links.json"])
def test_nothing_beside_the_site_is_served(path: str) -> None:
    assert get(path).status_code == 404


def test_an_unknown_address_gets_a_page_that_leads_to_the_sign_in_and_names_the_telephone() -> None:
    answer = get("/nowhere")

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "Page introuvable" in answer.text
    assert '<a class="button primary" href="/">' in answer.text
    assert '<a href="tel:0199001234">01 99 00 12 34</a>' in answer.text


def test_the_page_for_unknown_addresses_is_no_page_itself() -> None:
    assert get("/not-found.html").status_code == 404


def test_password_managers_find_the_screen_that_changes_a_pin() -> None:
    answer = get("/.well-known/change-password")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/#/change-pin")
    # W3C, "Detecting the reliability of HTTP status codes": what surely does not exist must say so.
    assert get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").status_code == 404


def test_a_changed_brand_shows_at_once_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    brand = tmp_path / "brand"
    shutil.copytree(ROOT / EXAMPLE_BRAND, brand)
    client = Client(Pages(SiteFolder(ROOT, brand, PARAMETERS, TODAY), {}))
    styles = brand / "brand.css"
    styles.write_text(styles.read_text().replace("#0b5563", "#123456"))
    assert "--accent: #123456" in client.get("/brand/styles.css").text

    styles.write_text(styles.read_text().replace("#123456", "#dddddd"))
    answer = client.get("/brand/styles.css")

    assert (answer.status_code, answer.content_type) == (500, "text/plain; charset=utf-8")
    assert (
        "\n- brand.css, light theme: --accent (#dddddd) on --surface (#ffffff) has a contrast of 1.36;" in answer.text
    )
    assert answer.text.startswith(f"The brand in {brand} cannot be used:\n- ")
