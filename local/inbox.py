"""What the stack has sent: e-mails, read from the local cloud's record of them, and letters."""

from __future__ import annotations

import html
from string import Template
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Inbox</title>
<h1>Inbox</h1>
$messages
<p><a href="/inbox/messages.json">The same for programs</a></p>
</html>
""")
_EMAIL = Template("""<article>
<h2>$subject</h2>
<p>To $to, $sent_at</p>
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


class Messages(TypedDict):
    """Everything that was sent, newest last."""

    emails: list[Email]
    letters: list[object]


class Inbox:
    """The messages of a local stack.

    Args:
        sent_emails: gives the local cloud's record of e-mails (``GET /_ministack/ses/messages``).
    """

    def __init__(self, sent_emails: Callable[[], Mapping[str, Any]]) -> None:
        self._sent_emails = sent_emails

    def messages(self) -> Messages:
        """Everything that was sent, newest last. The stack sends no letters yet."""
        records = [record for account in self._sent_emails()["messages"].values() for record in account]
        emails = [
            Email(
                to=", ".join(record["To"]),
                subject=record["Subject"] or "",
                text=record["BodyText"] or "",
                html=record["BodyHtml"] or "",
                sent_at=str(record["Timestamp"]),
            )
            for record in records
        ]
        return Messages(emails=sorted(emails, key=lambda email: email["sent_at"]), letters=[])

    def page(self) -> str:
        """The same for a person, as HTML."""
        emails = self.messages()["emails"]
        shown = [
            _EMAIL.substitute({name: html.escape(email[name]) for name in ("subject", "to", "sent_at", "text")})
            for email in emails
        ]
        return _PAGE.substitute(messages="".join(shown) or "<p>No messages yet.</p>")
