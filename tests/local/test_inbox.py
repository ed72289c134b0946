"""The inbox over HTTP: what was sent, for programs and for the page that shows it to people."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from local.inbox import Inbox
from local.inbox_pages import InboxPages
from member_access.values.types import Instant
from simulators.print_providers.fake_provider import SubmittedLetter
from tests.support.pdf import empty_pdf, pdf_with

EMAIL = {
    "To": ["camille@example.org"],
    "Subject": "Votre code",
    "BodyText": "Code <482 913>",
    "BodyHtml": None,
    "Timestamp": 1_795_428_000.25,
}


def get(
    path: str, *, emails: tuple[dict[str, Any], ...] = (), letters: tuple[SubmittedLetter, ...] = ()
) -> TestResponse:
    inbox = Inbox(
        "http://localhost:8080/inbox",
        lambda: {"messages": {"000000000000": list(emails)}},
        lambda: list(letters),
        len,
        len,
    )
    return Client(InboxPages(inbox)).get(path, buffered=True)


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
    (listed,) = get("/messages.json", letters=(letter,)).json["letters"]  # type: ignore[index]  # JSON

    assert listed["id"] == "sending-1"
    assert listed["address"] == ["CAMILLE EXEMPLE", "1 RUE DE L EXEMPLE", "75011 PARIS"]
    assert "482 913" in listed["text"]
    assert listed["pdf_url"] == "http://localhost:8080/inbox/letters/sending-1.pdf"
    assert listed["submitted_at"] == "2026-11-23T06:00:00.000+00:00"
    assert get("/letters/sending-1.pdf", letters=(letter,)).data == pdf
    assert get("/letters/sending-1.png", letters=(letter,)).data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "path", ["/letters/nothing.pdf", "/letters/nothing.png", "/emails/0.html", "/nothing", "/page//inbox.js"]
)
def test_what_is_not_there_is_a_problem(path: str) -> None:
    answer = get(path)

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json.keys() == {"type", "title", "status", "detail"}


@pytest.mark.parametrize(("page", "language"), [(pdf_with("Bonjour", language="fr"), "fr"), (empty_pdf(), None)])
def test_a_letter_says_its_language_where_its_page_does(page: bytes, language: str | None) -> None:
    letter = SubmittedLetter("sending-1", "letter-1", (), "PENDING", Instant(0), page)

    assert get("/letters/sending-1.pdf", letters=(letter,)).headers.get("Content-Language") == language


def test_an_empty_inbox_says_so() -> None:
    assert get("/messages.json").json == {"emails": [], "letters": []}


def test_emails_are_listed_newest_last() -> None:
    later = {**EMAIL, "Subject": "Plus tard", "Timestamp": 1_795_431_600.0}

    answer = get("/messages.json", emails=(later, EMAIL)).json

    assert answer is not None
    assert [email["subject"] for email in answer["emails"]] == ["Votre code", "Plus tard"]
    assert answer["emails"][0] == {
        "to": "camille@example.org",
        "subject": "Votre code",
        "text": "Code <482 913>",
        "html": "",
        "sent_at": "2026-11-23T10:00:00.250+00:00",
    }


def test_an_email_is_shown_apart_from_the_page_and_runs_nothing() -> None:
    shown = get("/emails/0.html", emails=({**EMAIL, "BodyHtml": "<p>Bonjour</p>"},))

    assert shown.text == "<p>Bonjour</p>"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert get("/emails/1.html", emails=(EMAIL,)).status_code == 404


def test_the_page_allows_nothing_but_its_own_files() -> None:
    for path in ("/", "/page/inbox.js", "/page/inbox.css"):
        assert "default-src 'none'" in get(path).headers["Content-Security-Policy"]


def test_messages_are_deleted_by_address_and_by_letter() -> None:
    deleted: list[object] = []
    inbox = Inbox("", dict, list, deleted.append, deleted.append)
    client = Client(InboxPages(inbox))
    answer = client.delete("/messages.json?address=camille%2B1@example.org&letter=sending-1&letter=sending-2")
    assert answer.status_code == 204
    assert deleted == ["camille+1@example.org", ["sending-1", "sending-2"]]
    assert client.post("/messages.json").status_code == 405
