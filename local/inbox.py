"""What the stack has sent: e-mails, read from the local cloud's record of them, and letters, read from the printer."""

from __future__ import annotations

import html
import io
from datetime import UTC, datetime
from string import Template
from typing import TYPE_CHECKING, Any, TypedDict

import pdfplumber

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.fakes.fake_provider import SubmittedLetter

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inbox</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
article { border: 1px solid; border-radius: .5rem; padding: 0 1rem 1rem; margin: 1rem 0; }
h2 { font-size: 1.15rem; margin-bottom: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
iframe { width: 100%; height: 28rem; border: 0; background: #fff; }
</style>
</head>
<body>
<main>
<h1>Inbox</h1>
<p>What this stack has sent, newest first. <a href="/inbox">Look again</a> ·
<a href="/inbox/messages.json">the same for programs</a></p>
$messages
</main>
</body>
</html>
""")
_EMAIL = Template("""<article lang="$language">
<h2>E-mail: $subject</h2>
<p>To $to, <time datetime="$sent_at">$sent_at</time></p>
<pre>$text</pre>
<details><summary>As a mail program shows it</summary>
<iframe title="$subject" sandbox srcdoc="$html"></iframe></details>
</article>
""")
_LETTER = Template("""<article>
<h2>Letter to $recipient</h2>
<p>$address</p>
<p>Handed to the printer <time datetime="$submitted_at">$submitted_at</time> · <a href="$pdf_url">the page (PDF)</a></p>
<pre>$text</pre>
</article>
""")


class Email(TypedDict):
    """An e-mail as it was sent."""

    to: str
    subject: str
    text: str
    html: str
    sent_at: str


class Letter(TypedDict):
    """A letter as it was handed to the printer."""

    id: str
    address: list[str]
    text: str
    pdf_url: str
    submitted_at: str


class Messages(TypedDict):
    """Everything that was sent, newest last."""

    emails: list[Email]
    letters: list[Letter]


class Inbox:
    """The messages of a local stack.

    Args:
        url: where the inbox is, without a trailing slash.
        sent_emails: gives the local cloud's record of e-mails (``GET /_ministack/ses/messages``).
        sent_letters: gives what was handed to the printer, oldest first.
    """

    def __init__(
        self,
        url: str,
        sent_emails: Callable[[], Mapping[str, Any]],
        sent_letters: Callable[[], Sequence[SubmittedLetter]],
    ) -> None:
        self._url = url
        self._sent_emails = sent_emails
        self._sent_letters = sent_letters

    def messages(self) -> Messages:
        """Everything that was sent, newest last."""
        return Messages(emails=self._emails(), letters=self._letters())

    def pdf(self, letter: str) -> bytes | None:
        """The page of a letter, or None where there is no such letter."""
        return next((one.pdf for one in self._sent_letters() if one.reference == letter), None)

    def page(self) -> str:
        """The same for a person, as HTML."""
        found = self.messages()
        shown = [
            *((email["sent_at"], _email_html(email)) for email in found["emails"]),
            *((letter["submitted_at"], _letter_html(letter)) for letter in found["letters"]),
        ]
        articles = "".join(article for _, article in sorted(shown, reverse=True))
        return _PAGE.substitute(messages=articles or "<p>No messages yet.</p>")

    def _emails(self) -> list[Email]:
        records = [record for account in self._sent_emails()["messages"].values() for record in account]
        emails = [
            Email(
                to=", ".join(record["To"]),
                subject=record["Subject"] or "",
                text=record["BodyText"] or "",
                html=record["BodyHtml"] or "",
                sent_at=_moment(float(record["Timestamp"])),
            )
            for record in records
        ]
        return sorted(emails, key=lambda email: email["sent_at"])

    def _letters(self) -> list[Letter]:
        return [
            Letter(
                id=letter.reference,
                address=list(letter.address),
                text=_text(letter.pdf),
                pdf_url=f"{self._url}/letters/{letter.reference}.pdf",
                submitted_at=_moment(letter.submitted_at or 0),
            )
            for letter in self._sent_letters()
        ]


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _text(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def _email_html(email: Email) -> str:
    shown = {name: html.escape(str(value)) for name, value in email.items()}
    return _EMAIL.substitute(shown, language="en" if '<html lang="en"' in email["html"] else "fr")


def _letter_html(letter: Letter) -> str:
    shown = {name: html.escape(str(value)) for name, value in letter.items() if name != "address"}
    lines = [html.escape(line) for line in letter["address"]]
    return _LETTER.substitute(shown, recipient=lines[0], address="<br>".join(lines))
