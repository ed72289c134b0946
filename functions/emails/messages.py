"""The e-mails that members get: what each of them has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from member_access.values.types import Identifier, Instant, OneTimeCode


@dataclass(frozen=True)
class ResetCode:
    """The code that lets a member create a new PIN.

    Attributes:
        code: works once.
        expires_at: until when it works.
    """

    code: OneTimeCode
    expires_at: Instant


@dataclass(frozen=True)
class PinChangedNotice:
    """The notice that a PIN was set, for the member who did not do it.

    Attributes:
        changed_at: when it was.
    """

    changed_at: Instant


@dataclass(frozen=True)
class LetterRequestedNotice:
    """The notice that a code was asked for by letter, for the member who did not ask for it.

    Attributes:
        requested_at: when it was.
        expires_at: until when the code in the letter works.
    """

    requested_at: Instant
    expires_at: Instant


@dataclass(frozen=True)
class IdentifierReminder:
    """The identifier that a member asked for.

    Attributes:
        identifier: theirs.
    """

    identifier: Identifier


Message = ResetCode | PinChangedNotice | LetterRequestedNotice | IdentifierReminder
