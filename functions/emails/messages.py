"""The e-mails that members get, and their facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from member_access.sessions.browser_families import BrowserFamily
    from member_access.values.types import EmailCode, Identifier, Instant, LetterCode


@dataclass(frozen=True)
class ResetCode:
    """The code that lets a member create a new PIN.

    Attributes:
        code: works once.
        requested_at: the beginning of its validity.
        expires_at: the end of its validity.
    """

    code: EmailCode
    requested_at: Instant
    expires_at: Instant


@dataclass(frozen=True)
class ConfirmCode:
    """The code that a member enters after the PIN, as the second step of a sign-in.

    Attributes:
        code: works once.
        requested_at: the beginning of its validity.
        expires_at: the end of its validity.
    """

    code: EmailCode
    requested_at: Instant
    expires_at: Instant


@dataclass(frozen=True)
class PinCreatedNotice:
    """The notice that the first PIN was set, for a member who did not do it."""

    created_at: Instant


@dataclass(frozen=True)
class PinChangedNotice:
    """The notice that another PIN was set, for a member who did not do it."""

    changed_at: Instant


@dataclass(frozen=True)
class PinDisabledNotice:
    """The notice that the PIN is disabled, because the member said that someone else had signed in."""

    disabled_at: Instant


@dataclass(frozen=True)
class TooManyTriesNotice:
    """The notice that wrong PINs have used up the tries of browsers that the member has not used yet."""

    last_at: Instant


@dataclass(frozen=True)
class TooManyTriesKnownNotice:
    """The notice that wrong PINs have used up the tries of a browser that the member has used."""

    last_at: Instant


@dataclass(frozen=True)
class PasskeyAddedNotice:
    """The notice that a passkey was added, for a member who did not do it."""

    added_at: Instant


@dataclass(frozen=True)
class PasskeyDeletedNotice:
    """The notice that a passkey was deleted, for a member who did not do it."""

    deleted_at: Instant


@dataclass(frozen=True)
class LetterRequestedNotice:
    """The notice that a code was requested by letter, for a member who did not request it.

    Attributes:
        requested_at: the moment of the request.
        expires_at: the end of the code's validity.
    """

    requested_at: Instant
    expires_at: Instant


@dataclass(frozen=True)
class LetterGivenUpNotice:
    """The notice that a letter could not be sent, and that its member can ask for another code."""


@dataclass(frozen=True)
class IdentifierReminder:
    """The identifier that a member asked for."""

    identifier: Identifier


@dataclass(frozen=True)
class Invitation:
    """The code that lets a new member create a first PIN, in any browser.

    Attributes:
        code: works once.
        expires_at: the end of its validity.
    """

    code: LetterCode
    expires_at: Instant


@dataclass(frozen=True)
class NewBrowserNotice:
    """The notice of a first sign-in from a browser, for a member who did not do it.

    Attributes:
        signed_in_at: the moment of the sign-in.
        browser: its family; nothing else says where it was.
    """

    signed_in_at: Instant
    browser: BrowserFamily


Message = (
    ResetCode
    | PinCreatedNotice
    | PinChangedNotice
    | PinDisabledNotice
    | TooManyTriesNotice
    | TooManyTriesKnownNotice
    | PasskeyAddedNotice
    | PasskeyDeletedNotice
    | LetterRequestedNotice
    | LetterGivenUpNotice
    | IdentifierReminder
    | Invitation
    | NewBrowserNotice
    | ConfirmCode
)
