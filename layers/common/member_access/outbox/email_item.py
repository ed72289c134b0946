"""An e-mail that a flow has decided on: ``EMAIL#<request id>`` in the Access table."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Self

from member_access.members.pseudonyms import Pseudonym
from member_access.recovery.codes import RequestId
from member_access.sessions.browser_families import BrowserFamily
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from member_access.platform.aws import Item

SENT_AT = "sent_at"
"""The attribute that the worker adds once SES has taken the e-mail."""

RESERVED_AT = "reserved_at"
"""The attribute that the worker adds once the budget of a day has counted the e-mail."""

_PREFIX = "EMAIL#"
_KEPT_SECONDS = 14 * 86_400
_NOTICE_WORTH_SECONDS = 7 * 86_400


class EmailKind(StrEnum):
    """The subject of an e-mail."""

    RESET_CODE = "reset-code"
    # As long as the next, so that the notices of a first and of another PIN weigh the same.
    PIN_CREATED = "pin-created"
    PIN_CHANGED = "pin-changed"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_DELETED = "passkey-deleted"
    PIN_DISABLED = "pin-disabled"
    TOO_MANY_TRIES = "too-many-tries"
    TOO_MANY_TRIES_KNOWN = "too-many-tries-known"
    LETTER_REQUESTED = "letter-requested"
    LETTER_GIVEN_UP = "letter-given-up"
    IDENTIFIER_REMINDER = "identifier-reminder"
    INVITATION = "invitation"
    NEW_BROWSER = "new-browser"
    CONFIRM_CODE = "confirm-code"


def email_key(request_id: RequestId) -> str:
    """Return the partition key of an e-mail."""
    return f"{_PREFIX}{request_id}"


class EmailRequest(NamedTuple):
    """An e-mail to send.

    Attributes:
        request_id: names it, and the code in it.
        kind: what it is about.
        identifier: the member it goes to.
        subject: stands for the identifier.
        requested_at: when the flow decided on it.
        expires_at: from then on it is not worth sending.
        code_key: the partition key of its code, if it carries one.
        browser: the new browser that it is about, if it is about one.
        is_sent: whether SES has taken it.
        is_reserved: whether the budget of a day has counted it; it is counted once.
    """

    request_id: RequestId
    kind: EmailKind
    identifier: Identifier
    subject: Pseudonym
    requested_at: Instant
    expires_at: Instant
    code_key: str | None = None
    browser: BrowserFamily | None = None
    is_sent: bool = False
    is_reserved: bool = False

    @classmethod
    def notice(  # noqa: PLR0913, PLR0917 - what, of whom, when
        cls,
        request_id: RequestId,
        kind: EmailKind,
        identifier: Identifier,
        subject: Pseudonym,
        now: Instant,
        browser: BrowserFamily | None = None,
    ) -> Self:
        """Make the notice of what has just happened to a member's account; it is worth sending for a week."""
        worth_until = Instant(now + _NOTICE_WORTH_SECONDS)
        return cls(request_id, kind, identifier, subject, now, worth_until, browser=browser)

    def to_item(self) -> Item:
        """Return the item of an e-mail that is not sent yet."""
        of_code: Item = {"code_key": {"S": self.code_key}} if self.code_key else {}
        of_browser: Item = {"browser": {"N": str(self.browser.code)}} if self.browser else {}
        return {
            "pk": {"S": email_key(self.request_id)},
            "kind": {"S": self.kind},
            "identifier": {"S": self.identifier},
            "subject": {"S": self.subject},
            "requested_at": {"N": str(self.requested_at)},
            "not_after": {"N": str(self.expires_at)},
            "expires_at": {"N": str(self.requested_at + _KEPT_SECONDS)},
            **of_code,
            **of_browser,
        }

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """Read the e-mail in an item."""
        return cls(
            request_id=RequestId(item["pk"]["S"].removeprefix(_PREFIX)),
            kind=EmailKind(item["kind"]["S"]),
            identifier=Identifier(item["identifier"]["S"]),
            subject=Pseudonym(item["subject"]["S"]),
            requested_at=Instant(int(item["requested_at"]["N"])),
            expires_at=Instant(int(item["not_after"]["N"])),
            code_key=item["code_key"]["S"] if "code_key" in item else None,
            browser=BrowserFamily.from_code(int(item["browser"]["N"])) if "browser" in item else None,
            is_sent=SENT_AT in item,
            is_reserved=RESERVED_AT in item,
        )
