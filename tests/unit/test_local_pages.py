"""The pages beside the API: the portal or a page that says what runs, and the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client, TestResponse

from local.inbox import Inbox
from local.pages import Pages
from member_access.types import Instant
from tests.fakes.fake_provider import SubmittedLetter
from tests.support.pdf import pdf_with
from tests.support.template import ROOT, project_template
from tools.portal import config, security_headers

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = config(project_template().parameter_defaults())
HEADERS = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=False)
EMAIL = {
    "To": ["camille@example.org"],
    "Subject": "Votre code",
    "BodyText": "Code <482 913>",
    "BodyHtml": None,
    "Timestamp": 1_795_428_000.25,
}


def get(
    path: str,
    *,
    portal: Path = ROOT / "portal",
    emails: tuple[dict[str, Any], ...] = (),
    letters: tuple[SubmittedLetter, ...] = (),
) -> TestResponse:
    inbox = Inbox(
        "http://localhost:8080/inbox", lambda: {"messages": {"000000000000": list(emails)}}, lambda: list(letters)
    )
    return Client(Pages(portal, CONFIG, HEADERS, inbox)).get(path, buffered=True)


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
def test_a_file_of_the_portal_is_served_as_what_it_is_and_with_the_headers_of_the_template(
    path: str, content_type: str
) -> None:
    answer = get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_portal_learns_from_its_configuration_where_the_api_is_and_whom_to_call() -> None:
    assert get("/config.json").json == {
        "api_url": "/v1",
        "insurer": "Mutuelle de l’Exemple",
        "helpline": "01 99 00 12 34",
        "session_idle_seconds": 1800,
    }


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


def test_a_letter_is_listed_with_its_address_its_text_and_its_page() -> None:
    pdf = pdf_with("Votre code : 482 913")
    letter = SubmittedLetter(
        reference="sending-1",
        custom_id="letter-1",
        address=("CAMILLE EXEMPLE", "1 RUE DE L EXEMPLE", "75011 PARIS"),
        status="PENDING",
        submitted_at=Instant(1_795_413_600),
        pdf=pdf,
    )
    (listed,) = get("/inbox/messages.json", letters=(letter,)).json["letters"]  # type: ignore[index]  # JSON

    assert listed["id"] == "sending-1"
    assert listed["address"] == ["CAMILLE EXEMPLE", "1 RUE DE L EXEMPLE", "75011 PARIS"]
    assert "482 913" in listed["text"]
    assert listed["pdf_url"] == "http://localhost:8080/inbox/letters/sending-1.pdf"
    assert listed["submitted_at"] == "2026-11-23T06:00:00.000+00:00"
    assert get("/inbox/letters/sending-1.pdf", letters=(letter,)).data == pdf
    assert "Letter to CAMILLE EXEMPLE" in get("/inbox", letters=(letter,)).text


def test_a_letter_that_nobody_has_sent_is_a_problem() -> None:
    assert get("/inbox/letters/nothing.pdf").status_code == 404


def test_an_empty_inbox_says_so() -> None:
    assert "No messages yet" in get("/inbox").text
    assert get("/inbox/messages.json").json == {"emails": [], "letters": []}


def test_emails_are_listed_newest_last() -> None:
    later = {**EMAIL, "Subject": "Plus tard", "Timestamp": 1_795_431_600.0}

    answer = get("/inbox/messages.json", emails=(later, EMAIL)).json

    assert answer is not None
    assert [email["subject"] for email in answer["emails"]] == ["Votre code", "Plus tard"]
    assert answer["emails"][0] == {
        "to": "camille@example.org",
        "subject": "Votre code",
        "text": "Code <482 913>",
        "html": "",
        "sent_at": "2026-11-23T10:00:00.250+00:00",
    }


def test_an_email_is_shown_as_text_and_not_as_markup() -> None:
    page = get("/inbox", emails=(EMAIL,)).text

    assert "Code &lt;482 913&gt;" in page
