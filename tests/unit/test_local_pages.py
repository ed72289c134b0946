"""The pages beside the API: the portal or a page that says what runs, and the inbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from local.inbox import Inbox
from local.pages import Pages
from member_access.types import Instant
from tests.fakes.fake_provider import SubmittedLetter
from tests.support.pdf import pdf_with

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
    portal: Path = Path("/nowhere"),
    emails: tuple[dict[str, Any], ...] = (),
    letters: tuple[SubmittedLetter, ...] = (),
) -> TestResponse:
    inbox = Inbox(
        "http://localhost:8080/inbox", lambda: {"messages": {"000000000000": list(emails)}}, lambda: list(letters)
    )
    return Client(Pages(portal, inbox)).get(path, buffered=True)


def test_without_a_portal_a_page_says_what_runs() -> None:
    answer = get("/")

    assert answer.status_code == 200
    assert 'href="/v1/.well-known/jwks.json"' in answer.text
    assert 'href="/inbox"' in answer.text


def test_the_portal_is_served_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Bonjour</h1>")
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "page.css").write_text("h1 {}")

    assert get("/", portal=tmp_path).text == "<h1>Bonjour</h1>"
    assert get("/styles/page.css", portal=tmp_path).mimetype == "text/css"


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
