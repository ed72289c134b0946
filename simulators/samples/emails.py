"""Invented e-mails, one of each kind, and a parser for the visible text of their HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from emails.addressee import Addressee
from emails.messages import (
    ConfirmCode,
    IdentifierReminder,
    Invitation,
    LetterGivenUpNotice,
    LetterRequestedNotice,
    NewBrowserNotice,
    PasskeyAddedNotice,
    PasskeyDeletedNotice,
    PinChangedNotice,
    PinCreatedNotice,
    PinDisabledNotice,
    ResetCode,
    TooManyTriesKnownNotice,
    TooManyTriesNotice,
)
from member_access.sessions.browser_families import BrowserFamily, Product, System
from member_access.values.types import EmailCode, Identifier, Instant, LetterCode

if TYPE_CHECKING:
    from emails.messages import Message

NOW: Final = Instant(1_795_421_100)
"""2026-11-23 09:05 in Paris."""

ADDRESSEE: Final = Addressee(name="Camille", ending="56")

MESSAGES: Final[dict[str, Message]] = {
    "reset_code": ResetCode(EmailCode.parse("482913"), requested_at=NOW, expires_at=Instant(NOW + 600)),
    "pin_created": PinCreatedNotice(created_at=NOW),
    "pin_changed": PinChangedNotice(changed_at=NOW),
    "passkey_added": PasskeyAddedNotice(added_at=NOW),
    "passkey_deleted": PasskeyDeletedNotice(deleted_at=NOW),
    "pin_disabled": PinDisabledNotice(disabled_at=NOW),
    "too_many_tries": TooManyTriesNotice(last_at=NOW),
    "too_many_tries_known": TooManyTriesKnownNotice(last_at=NOW),
    "letter_requested": LetterRequestedNotice(requested_at=NOW, expires_at=Instant(NOW + 21 * 24 * 3600)),
    "letter_given_up": LetterGivenUpNotice(),
    "invitation": Invitation(LetterCode.parse("4829130567"), expires_at=Instant(NOW + 21 * 24 * 3600)),
    "confirm_code": ConfirmCode(EmailCode.parse("482913"), requested_at=NOW, expires_at=Instant(NOW + 600)),
    "new_browser": NewBrowserNotice(NOW, BrowserFamily(Product.FIREFOX, System.WINDOWS)),
    "identifier_reminder": IdentifierReminder(Identifier.parse("AB123456")),
}


class _Page(HTMLParser):
    """A parser that collects the tags, the title and the visible text of a page."""

    _WITHOUT_END: Final = frozenset({"meta"})
    _UNSEEN: Final = frozenset({"title", "style"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self.seen: list[str] = []
        self.preview = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the tag; ``meta`` has no end tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in self._WITHOUT_END:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the open tag; in well-formed HTML it is this one."""
        opened, _ = self._open.pop()
        if opened != tag:
            raise AssertionError(f"<{opened}> ends with </{tag}>")

    def handle_data(self, data: str) -> None:
        """Separate visible text from the preview and the title."""
        if any("display: none" in (attributes.get("style") or "") for _, attributes in self._open):
            self.preview += data
        elif any(tag == "title" for tag, _ in self._open):
            self.title += data
        elif not any(tag in self._UNSEEN for tag, _ in self._open):
            self.seen.append(data)


def parse_page(html: str) -> _Page:
    """Parse a page.

    Raises:
        AssertionError: its tags do not nest.
    """
    page = _Page()
    page.feed(html)
    page.close()
    return page
