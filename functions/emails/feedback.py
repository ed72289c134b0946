"""The reports of Amazon SES on accepted e-mails.

A configuration set publishes events (``eventType``); the older notifications of an identity have
``notificationType`` instead. Only events carry the tag that names the e-mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import TYPE_CHECKING

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from emails.mailer import REQUEST_TAG
from member_access.errors import InvalidValue
from member_access.recovery.codes import RequestId
from member_access.values.email_address import EmailState

if TYPE_CHECKING:
    from member_access.values.email_address import EmailAddress

_NO_OBJECT = ("json_invalid", "model_type")

# Of the temporary failures these are about the e-mail and not about the mailbox: it will never get it. ``General`` can
# be the reply of an owner who is on holiday, and then the e-mail has arrived.
_LOST_SUB_TYPES = frozenset({"AttachmentRejected", "ContentRejected", "MessageTooLarge"})
_PERMANENT_STATUS = re.compile(r"\s*5\.")
_PERMANENT_REPLY = re.compile(r"\s*(?:smtp\s*;)?\s*5[0-9]{2}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Returned:
    """An e-mail that has not arrived, or that its receiver reported as spam.

    Attributes:
        request_id: names the e-mail and with it the member. The addresses in a report do not: after forwarding they are
            those of the last mailbox.
        why: the kind of the report in the words of SES; it names no one.
        state: the new state of the address; None if only this e-mail has failed.
        is_certain: whether the e-mail has surely not reached the addresses that the report names.
        sent_to: the receivers of the e-mail, in lower case; empty if the report does not say.
        named: the receivers that the report is about, in lower case.
    """

    request_id: RequestId
    why: str
    state: EmailState | None
    is_certain: bool
    sent_to: frozenset[str] = field(repr=False)
    named: frozenset[str] = field(repr=False)

    @property
    def is_lost(self) -> bool:
        """Whether the e-mail has not arrived, as far as SES knows."""
        return self.state is not EmailState.COMPLAINED

    def was_sent_to(self, address: EmailAddress) -> bool:
        """Return whether the e-mail went to this address, ignoring case; True if the report does not say."""
        return not self.sent_to or _lower(address) in self.sent_to

    def is_about(self, address: EmailAddress) -> bool:
        """Return whether it is about this address, ignoring case, because receiving servers do not keep capitals."""
        return _lower(address) in self.named

    def may_have_arrived(self, address: EmailAddress) -> bool:
        """Return whether the mailbox of this address may have the e-mail, of which a forwarded copy has bounced."""
        return not self.is_certain or not self.is_about(address)


@dataclass(frozen=True)
class Unneeded:
    """A report that needs no action. ``event`` describes it and names no one."""

    event: str


class _Recipient(BaseModel):
    address: str = Field(alias="emailAddress")
    status: str | None = None
    diagnostic_code: str | None = Field(alias="diagnosticCode", default=None)

    @property
    def has_failed_permanently(self) -> bool:
        """Whether the receiving server gave a permanent failure (RFC 3463 §2: 5.x.x; RFC 5321 §4.2.1: 5yz)."""
        if self.status:
            return bool(_PERMANENT_STATUS.match(self.status))
        return bool(_PERMANENT_REPLY.match(self.diagnostic_code or ""))


class _Bounce(BaseModel):
    type: str = Field(alias="bounceType")
    sub_type: str | None = Field(alias="bounceSubType", default=None)
    recipients: list[_Recipient] = Field(alias="bouncedRecipients")

    @property
    def is_lost(self) -> bool:
        """Whether the e-mail will not arrive, although SES does not call its failure permanent."""
        if self.type == "Undetermined":
            return True
        return self.sub_type in _LOST_SUB_TYPES or any(one.has_failed_permanently for one in self.recipients)


class _Complaint(BaseModel):
    kind: str | None = Field(alias="complaintFeedbackType", default=None)
    recipients: list[_Recipient] = Field(alias="complainedRecipients")


class _Mail(BaseModel):
    destination: list[str] = []
    tags: dict[str, list[str]] = {}


class _Report(BaseModel):
    event: str = Field(validation_alias=AliasChoices("eventType", "notificationType"))
    mail: _Mail = _Mail()
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None

    @property
    def why(self) -> str:
        """The kind of the report in the words of SES."""
        if self.bounce is None:
            return self.event
        return f"{self.event} {self.bounce.type} {self.bounce.sub_type or ''}".rstrip()


def read_report(body: str) -> Returned | Unneeded:
    """Parse a message of SES, which SNS delivers raw.

    SES calls some permanent failures temporary, such as ``550`` with ``5.3.0``. A delay is no failure: SES tries again.

    Raises:
        InvalidValue: the report does not have the form that SES documents.
    """
    try:
        report = _Report.model_validate_json(body)
    except ValidationError as error:
        # SES sends one sentence to a topic when an event destination is created.
        if error.errors(include_url=False)[0]["type"] in _NO_OBJECT:
            return Unneeded("no report")
        raise InvalidValue("a report of Amazon SES has an unknown form") from None
    match report:
        case _Report(bounce=_Bounce(type="Permanent", recipients=recipients)):
            return _returned(report, EmailState.BOUNCED, _named(recipients))
        case _Report(bounce=_Bounce(is_lost=True, type=kind, recipients=recipients)):
            return _returned(report, None, _named(recipients), is_certain=kind != "Undetermined")
        # A complaint can be the opposite: the receiver moved the e-mail out of the spam folder.
        case _Report(complaint=_Complaint(kind=kind, recipients=recipients)) if kind != "not-spam":
            return _returned(report, EmailState.COMPLAINED, _named(recipients))
        # SES has found a virus in it, or no facts for its template: it has sent nothing to anyone.
        case _Report(event="Reject" | "Rendering Failure"):
            return _returned(report, None, _addresses(report.mail.destination))
        case _:
            return Unneeded(report.why)


def _returned(
    report: _Report, state: EmailState | None, named: frozenset[str], *, is_certain: bool = True
) -> Returned | Unneeded:
    match report.mail.tags.get(REQUEST_TAG):
        case [request_id]:
            sent_to = _addresses(report.mail.destination)
            return Returned(RequestId(request_id), report.why, state, is_certain, sent_to, named)
        case _:
            return Unneeded(f"{report.event} without the name of an e-mail")


def _named(recipients: list[_Recipient]) -> frozenset[str]:
    return _addresses([recipient.address for recipient in recipients])


def _addresses(texts: list[str]) -> frozenset[str]:
    return frozenset(parseaddr(text)[1].lower() for text in texts)


def _lower(address: EmailAddress) -> str:
    return address.reveal().lower()
