"""The pages beside the API: the portal or a page that says what runs, and the inbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from local.inbox import Inbox
from local.pages import Pages

EMAIL = {
    "To": ["camille@example.org"],
    "Subject": "Votre code",
    "BodyText": "Code <482 913>",
    "BodyHtml": None,
    "Timestamp": "2026-11-23T10:00:00Z",
}


def get(path: str, *, portal: Path = Path("/nowhere"), emails: tuple[dict[str, Any], ...] = ()) -> TestResponse:
    inbox = Inbox(lambda: {"messages": {"000000000000": list(emails)}})
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


def test_an_empty_inbox_says_so() -> None:
    assert "No messages yet" in get("/inbox").text
    assert get("/inbox/messages.json").json == {"emails": [], "letters": []}


def test_emails_are_listed_newest_last() -> None:
    later = {**EMAIL, "Subject": "Plus tard", "Timestamp": "2026-11-23T11:00:00Z"}

    answer = get("/inbox/messages.json", emails=(later, EMAIL)).json

    assert answer is not None
    assert [email["subject"] for email in answer["emails"]] == ["Votre code", "Plus tard"]
    assert answer["emails"][0] == {
        "to": "camille@example.org",
        "subject": "Votre code",
        "text": "Code <482 913>",
        "html": "",
        "sent_at": "2026-11-23T10:00:00Z",
    }


def test_an_email_is_shown_as_text_and_not_as_markup() -> None:
    page = get("/inbox", emails=(EMAIL,)).text

    assert "Code &lt;482 913&gt;" in page
