"""The catalogue of the audit trail: every decision that it records, by the name that log, metrics and alarms know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from member_access.audit import AuditEvent

if TYPE_CHECKING:
    from member_access.outbox.email_item import EmailKind
    from member_access.recovery.codes import Channel, RequestId


EmailDropReason: TypeAlias = Literal["expired", "void", "no-member", "no-address", "address-refused", "too-many"]
LetterDecision: TypeAlias = Literal["requested", "under-way", "too-soon", "void"]


@dataclass(frozen=True, kw_only=True)
class SignInSucceeded(AuditEvent):
    """A member signed in."""

    name = "login.succeeded"

    known_browser: bool
    failures_before: int


@dataclass(frozen=True, kw_only=True)
class PinRejected(AuditEvent):
    """A guess at a PIN was checked and was wrong.

    Attributes:
        hash_unusable: the member's PIN hash names a key or a cost that the settings do not, so no PIN matches it. A
            field and not an event, because an event would be more work for members alone.
    """

    name = "login.failed"

    known_browser: bool
    failures: int
    hash_unusable: bool


@dataclass(frozen=True, kw_only=True)
class PinRefused(AuditEvent):
    """A guess at a PIN was refused without checking it."""

    name = "login.refused"

    known_browser: bool
    limit: Literal["source", "attempts"]
    answer: str


@dataclass(frozen=True, kw_only=True)
class SessionRefreshed(AuditEvent):
    """A session continues; ``repeated`` says that the token had been replaced already, and its successor not used."""

    name = "session.refreshed"

    repeated: bool


@dataclass(frozen=True, kw_only=True)
class SessionEnded(AuditEvent):
    """A session has ended."""

    name = "session.ended"

    reason: Literal["idle", "longest", "reuse", "pin-changed", "signed-out"]


@dataclass(frozen=True, kw_only=True)
class PinHashUpgraded(AuditEvent):
    """The stored hash of a PIN was replaced with one of the current key and cost."""

    name = "pin.hash-upgraded"


@dataclass(frozen=True, kw_only=True)
class CodeRequested(AuditEvent):
    """A code was requested; ``sent`` is false if a letter was under way already."""

    name = "reset.requested"

    channel: Channel
    sent: bool


@dataclass(frozen=True, kw_only=True)
class CodeRequestRefused(AuditEvent):
    """A code was requested too soon or too often."""

    name = "reset.refused"

    limit: Literal["source", "requests"]
    retry_after: int


@dataclass(frozen=True, kw_only=True)
class CodeVerified(AuditEvent):
    """A code was correct, and cannot be used again."""

    name = "code.verified"

    channel: Channel


@dataclass(frozen=True, kw_only=True)
class CodeRejected(AuditEvent):
    """A code was checked and was wrong, expired or void."""

    name = "code.rejected"

    channel: Channel


@dataclass(frozen=True, kw_only=True)
class CodeRefused(AuditEvent):
    """A code was refused without checking it: from a source that must wait, beside no handle of its own, or spent."""

    name = "code.refused"

    limit: Literal["source", "handle", "tries"]


@dataclass(frozen=True, kw_only=True)
class PinChanged(AuditEvent):
    """A member has a new PIN; every session has ended."""

    name = "pin.changed"

    by: Literal["code", "pin"]


@dataclass(frozen=True, kw_only=True)
class PinTooWeak(AuditEvent):
    """A new PIN was rejected as weak."""

    name = "pin.refused"

    reason: str


@dataclass(frozen=True, kw_only=True)
class EmailSent(AuditEvent):
    """Amazon SES has accepted an e-mail."""

    name = "email.sent"

    request_id: RequestId
    kind: EmailKind


@dataclass(frozen=True, kw_only=True)
class EmailDropped(AuditEvent):
    """An e-mail was not sent.

    It has expired or is void, the member is gone, no address works, SES rejects the address, or the member has got too
    many of its kind today.
    """

    name = "email.dropped"

    request_id: RequestId
    kind: EmailKind
    reason: EmailDropReason


@dataclass(frozen=True, kw_only=True)
class CodeExpired(EmailDropped):
    """A code expired before Amazon SES had it, so the member has none."""

    name = "email.code-expired"


@dataclass(frozen=True, kw_only=True)
class EmailNotAccepted(AuditEvent):
    """Amazon SES has not accepted an e-mail, which is sent again later; ``why`` is the code of its answer."""

    request_id: RequestId
    kind: EmailKind
    why: str


@dataclass(frozen=True, kw_only=True)
class SenderRefused(EmailNotAccepted):
    """Amazon SES accepts no e-mail from this sender until an operator acts."""

    name = "email.refused"


@dataclass(frozen=True, kw_only=True)
class EmailDeferred(EmailNotAccepted):
    """Amazon SES throttles, fails or does not answer; after a timeout it may have sent the e-mail."""

    name = "email.deferred"


@dataclass(frozen=True, kw_only=True)
class EmailPostponed(AuditEvent):
    """An e-mail waits, because the e-mails of the day have used up the budget or the part that is open to its kind."""

    name = "email.over-budget"

    request_id: RequestId
    kind: EmailKind


@dataclass(frozen=True, kw_only=True)
class EmailBudgetHalfUsed(AuditEvent):
    """This e-mail was the one with which half of the day's budget is used."""

    name = "email.half-budget"

    request_id: RequestId
    kind: EmailKind


@dataclass(frozen=True, kw_only=True)
class EmailReturned(AuditEvent):
    """An e-mail came back.

    Attributes:
        marked: whether this report marked the address.
        why: the kind of the report in the words of Amazon SES.
    """

    request_id: RequestId
    kind: EmailKind
    marked: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class EmailBounced(EmailReturned):
    """An e-mail bounced permanently."""

    name = "email.bounced"


@dataclass(frozen=True, kw_only=True)
class EmailComplained(EmailReturned):
    """The receiver of an e-mail reported it as spam."""

    name = "email.complained"


@dataclass(frozen=True, kw_only=True)
class EmailUndelivered(EmailReturned):
    """An e-mail did not arrive, and that says nothing lasting about its address: the address is not marked."""

    name = "email.undelivered"


@dataclass(frozen=True, kw_only=True)
class LetterInsteadOfEmail(AuditEvent):
    """A code could not reach the member by e-mail; ``outcome`` says whether a letter with another code is sent."""

    name = "reset.letter-instead"

    request_id: RequestId
    outcome: LetterDecision


@dataclass(frozen=True, kw_only=True)
class IdentityLookedUp(AuditEvent):
    """An identifier was searched for; ``subject`` is the pseudonym of the social-security number."""

    name = "identity.looked-up"

    delivery: Literal["email", "screen"]


@dataclass(frozen=True, kw_only=True)
class IdentityRefused(AuditEvent):
    """An identifier was searched for too often."""

    name = "identity.refused"

    limit: Literal["source", "attempts"]
    retry_after: int


@dataclass(frozen=True, kw_only=True)
class IdentifierShown(AuditEvent):
    """The IBAN end was correct, and the identifier was shown."""

    name = "identifier.shown"


@dataclass(frozen=True, kw_only=True)
class IbanRejected(AuditEvent):
    """An IBAN end was checked and was wrong."""

    name = "iban.rejected"

    failures: int


@dataclass(frozen=True, kw_only=True)
class IbanRefused(AuditEvent):
    """An IBAN end was refused without checking it."""

    name = "iban.refused"

    limit: Literal["source", "attempts", "challenge"]
    answer: str


@dataclass(frozen=True, kw_only=True)
class LetterSubmitted(AuditEvent):
    """A print provider has accepted a letter."""

    name = "letter.submitted"

    request_id: RequestId


@dataclass(frozen=True, kw_only=True)
class LetterPosted(AuditEvent):
    """A letter is in the post."""

    name = "letter.posted"

    request_id: RequestId


@dataclass(frozen=True, kw_only=True)
class LetterRejected(AuditEvent):
    """A letter will not be posted; ``reason`` is the provider's code, or one of this project."""

    name = "letter.rejected"

    request_id: RequestId
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterUndelivered(AuditEvent):
    """A letter came back."""

    name = "letter.undelivered"

    request_id: RequestId


@dataclass(frozen=True, kw_only=True)
class AddressReturned(AuditEvent):
    """A postal address is marked: no letter goes there until an import changes it."""

    name = "address.returned"


@dataclass(frozen=True, kw_only=True)
class MemberInvited(AuditEvent):
    """A member without a PIN gets a code that no one has asked for."""

    name = "member.invited"

    request_id: RequestId
    channel: Channel
