"""The messages that the stack has sent: e-mails from the local cloud's record, letters from the print provider."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypedDict

import pdfplumber

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from simulators.print_providers.fake_provider import SubmittedLetter

_DOTS_PER_INCH = 110


class SentEmail(TypedDict):
    """A sent e-mail."""

    to: str
    subject: str
    text: str
    html: str
    sent_at: str


class SentLetter(TypedDict):
    """A letter submitted to the print provider."""

    id: str
    address: list[str]
    text: str
    pdf_url: str
    submitted_at: str


class Messages(TypedDict):
    """All messages, newest last."""

    emails: list[SentEmail]
    letters: list[SentLetter]


class Inbox:
    """The messages of a local stack.

    Args:
        url: the inbox's address, without a trailing slash.
        sent_emails: returns the local cloud's record of e-mails (``GET /_ministack/ses/messages``).
        sent_letters: returns the submitted letters, oldest first.
        delete_emails: deletes the e-mails to an address from that record.
        delete_letters: deletes letters by their references.
    """

    def __init__(
        self,
        url: str,
        sent_emails: Callable[[], Mapping[str, Any]],
        sent_letters: Callable[[], Sequence[SubmittedLetter]],
        delete_emails: Callable[[str], object],
        delete_letters: Callable[[Collection[str]], object],
    ) -> None:
        self._url = url
        self._sent_emails = sent_emails
        self._sent_letters = sent_letters
        self._delete_emails = delete_emails
        self._delete_letters = delete_letters

    def messages(self) -> Messages:
        """Return all messages, newest last."""
        return Messages(emails=self._emails(), letters=self._letters())

    def delete(self, addresses: Collection[str], letters: Collection[str]) -> None:
        """Delete the e-mails to these addresses, and these letters."""
        for address in addresses:
            self._delete_emails(address)
        self._delete_letters(letters)
        for kept in (_text, picture_of, language_of):
            kept.cache_clear()

    def pdf(self, letter: str) -> bytes | None:
        """Return the page of a letter, or None if there is no such letter."""
        return next((one.pdf for one in self._sent_letters() if one.reference == letter), None)

    def html(self, email: int) -> str | None:
        """Return the HTML of an e-mail, or None if there is none of this number, oldest first from 0."""
        emails = self._emails()
        return emails[email]["html"] if email < len(emails) else None

    def _emails(self) -> list[SentEmail]:
        records = [record for account in self._sent_emails()["messages"].values() for record in account]
        emails = [
            SentEmail(
                to=", ".join(record["To"]),
                subject=record["Subject"] or "",
                text=record["BodyText"] or "",
                html=record["BodyHtml"] or "",
                sent_at=_moment(float(record["Timestamp"])),
            )
            for record in records
        ]
        return sorted(emails, key=lambda email: email["sent_at"])

    def _letters(self) -> list[SentLetter]:
        return [
            SentLetter(
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


# A page never changes, and the inbox is polled every few seconds: reading a page takes a tenth of a second. The
# provider keeps every page in memory anyway.
@cache
def _text(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


@cache
def picture_of(pdf: bytes) -> bytes:
    """Draw the page of a letter as PNG."""
    picture = io.BytesIO()
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        document.pages[0].to_image(resolution=_DOTS_PER_INCH).original.save(picture, "PNG")
    return picture.getvalue()


@cache
def language_of(pdf: bytes) -> str | None:
    """Return the language (BCP 47) that the page of a letter names, or None."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        named: bytes | None = document.doc.catalog.get("Lang")
    return None if named is None else named.decode("ascii")
