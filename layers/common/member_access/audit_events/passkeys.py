"""The events of passkeys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from member_access.audit import AuditEvent

if TYPE_CHECKING:
    from member_access.members.passkeys import PasskeyId

PasskeyFault: TypeAlias = Literal["challenge", "unknown", "signature", "gone"]


class PasskeySignInSucceeded(AuditEvent):
    """A member signed in with a passkey."""

    name = "passkey.signed-in"

    passkey: PasskeyId
    known_browser: bool


class PasskeyAnswerRejected(AuditEvent):
    """An answer to a challenge was checked and signs no one in.

    Attributes:
        fault: the first that was found. Without a challenge of ours nothing else is looked at, and no member is named.
    """

    name = "passkey.rejected"

    fault: PasskeyFault


class PasskeyCloned(AuditEvent):
    """A right signature with a count that was seen already: two authenticators have the same key."""

    name = "passkey.cloned"

    passkey: PasskeyId


class PasskeyRefused(AuditEvent):
    """An answer was refused without checking it: its source must wait."""

    name = "passkey.refused"

    limit: Literal["source"]


class PasskeyAdded(AuditEvent):
    """A member has one more passkey."""

    name = "passkey.added"

    passkey: PasskeyId


class PasskeyDeleted(AuditEvent):
    """A member has one passkey less."""

    name = "passkey.deleted"

    passkey: PasskeyId
