"""What Amazon SES reports of e-mails that it has taken.

A configuration set publishes events (``eventType``), the older notifications of an identity call the same thing
``notificationType``; only the former carry the tags by which an e-mail is found again.
"""

from __future__ import annotations

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


@dataclass(frozen=True)
class Returned:
    """An e-mail came back for good, or its receiver called it spam.

    Attributes:
        request_id: names the e-mail.
        state: what the address deserves.
        addresses: whom it is about, in lower case.
    """

    request_id: RequestId
    state: EmailState
    addresses: frozenset[str] = field(repr=False)

    def is_about(self, address: EmailAddress) -> bool:
        """Whether it is about this address; receiving servers do not keep capitals."""
        return address.reveal().lower() in self.addresses


@dataclass(frozen=True)
class Unneeded:
    """A report from which nothing follows. ``event`` says which, and names nobody."""

    event: str


class _Recipient(BaseModel):
    address: str = Field(alias="emailAddress")


class _Bounce(BaseModel):
    type: str = Field(alias="bounceType")
    sub_type: str | None = Field(alias="bounceSubType", default=None)
    recipients: list[_Recipient] = Field(alias="bouncedRecipients")


class _Complaint(BaseModel):
    kind: str | None = Field(alias="complaintFeedbackType", default=None)
    recipients: list[_Recipient] = Field(alias="complainedRecipients")


class _Mail(BaseModel):
    tags: dict[str, list[str]] = {}


class _Report(BaseModel):
    event: str = Field(validation_alias=AliasChoices("eventType", "notificationType"))
    mail: _Mail = _Mail()
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None


def read_report(body: str) -> Returned | Unneeded:
    """What follows from a message of SES; SNS delivers it as it is.

    Raises:
        InvalidValue: it is a report, but not in the form that SES documents.
    """
    try:
        report = _Report.model_validate_json(body)
    except ValidationError as error:
        # SES writes one sentence to a topic when an event destination is made.
        if error.errors(include_url=False)[0]["type"] in _NO_OBJECT:
            return Unneeded("no report")
        raise InvalidValue("a report of Amazon SES has an unknown form") from None
    match report:
        case _Report(bounce=_Bounce(type="Permanent", recipients=recipients)):
            return _returned(report, EmailState.BOUNCED, recipients)
        case _Report(bounce=_Bounce(type=kind, sub_type=sub_type)):
            return Unneeded(f"{report.event} {kind} {sub_type or ''}".rstrip())
        # A complaint can be the very opposite: the receiver takes the e-mail out of the spam.
        case _Report(complaint=_Complaint(kind=kind, recipients=recipients)) if kind != "not-spam":
            return _returned(report, EmailState.COMPLAINED, recipients)
        case _:
            return Unneeded(report.event)


def _returned(report: _Report, state: EmailState, recipients: list[_Recipient]) -> Returned | Unneeded:
    match report.mail.tags.get(REQUEST_TAG):
        case [request_id]:
            addresses = frozenset(parseaddr(recipient.address)[1].lower() for recipient in recipients)
            return Returned(RequestId(request_id), state, addresses)
        case _:
            return Unneeded(f"{report.event} without the name of an e-mail")
