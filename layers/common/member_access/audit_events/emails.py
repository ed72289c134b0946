"""The events of e-mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from member_access.audit import AuditEvent

if TYPE_CHECKING:
    from member_access.outbox.email_item import EmailKind
    from member_access.recovery.codes import RequestId

EmailDropReason: TypeAlias = Literal["expired", "void", "no-member", "no-address", "address-refused", "too-many"]
LetterDecision: TypeAlias = Literal["requested", "under-way", "too-soon", "void"]


class EmailSent(AuditEvent):
    """Amazon SES has accepted an e-mail."""

    name = "email.sent"

    request_id: RequestId
    kind: EmailKind


class EmailDropped(AuditEvent):
    """An e-mail was not sent.

    It has expired or is void, the member is gone, no address works, SES rejects the address, or the member has got too
    many of its kind today.
    """

    name = "email.dropped"

    request_id: RequestId
    kind: EmailKind
    reason: EmailDropReason


class CodeExpired(EmailDropped):
    """A code expired before Amazon SES had it, so the member has none."""

    name = "email.code-expired"


class EmailNotAccepted(AuditEvent):
    """Amazon SES has not accepted an e-mail, which is sent again later; ``why`` is the code of its answer."""

    request_id: RequestId
    kind: EmailKind
    why: str


class SenderRefused(EmailNotAccepted):
    """Amazon SES accepts no e-mail from this sender until an operator acts."""

    name = "email.refused"


class EmailDeferred(EmailNotAccepted):
    """Amazon SES throttles, fails or does not answer; after a timeout it may have sent the e-mail."""

    name = "email.deferred"


class EmailPostponed(AuditEvent):
    """An e-mail waits, because the e-mails of the day have used up the budget or the part that is open to its kind."""

    name = "email.over-budget"

    request_id: RequestId
    kind: EmailKind


class EmailBudgetHalfUsed(AuditEvent):
    """This e-mail was the one with which half of the day's budget is used."""

    name = "email.half-budget"

    request_id: RequestId
    kind: EmailKind


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


class EmailBounced(EmailReturned):
    """An e-mail bounced permanently."""

    name = "email.bounced"


class EmailComplained(EmailReturned):
    """The receiver of an e-mail reported it as spam."""

    name = "email.complained"


class EmailUndelivered(EmailReturned):
    """An e-mail did not arrive, and that says nothing lasting about its address: the address is not marked."""

    name = "email.undelivered"


class LetterInsteadOfEmail(AuditEvent):
    """A code could not reach the member by e-mail; ``outcome`` says whether a letter with another code is sent."""

    name = "reset.letter-instead"

    request_id: RequestId
    outcome: LetterDecision
