"""The reports of Amazon SES on accepted e-mails.

A configuration set publishes events (``eventType``); the older notifications of an identity have
``notificationType`` instead. Only events carry the tag that names the e-mail.
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
    """An e-mail that bounced permanently, or that its receiver reported as spam.

    Attributes:
        request_id: names the e-mail.
        state: the new state of the address.
        addresses: the receivers, in lower case.
    """

    request_id: RequestId
    state: EmailState
    addresses: frozenset[str] = field(repr=False)

    def is_about(self, address: EmailAddress) -> bool:
        """Return whether it is about this address, ignoring case, because receiving servers do not keep capitals."""
        return address.reveal().lower() in self.addresses


@dataclass(frozen=True)
class Unneeded:
    """A report that needs no action. ``event`` describes it and names no one."""

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
    """Parse a message of SES, which SNS delivers raw.

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
            return _returned(report, EmailState.BOUNCED, recipients)
        case _Report(bounce=_Bounce(type=kind, sub_type=sub_type)):
            return Unneeded(f"{report.event} {kind} {sub_type or ''}".rstrip())
        # A complaint can be the opposite: the receiver moved the e-mail out of the spam folder.
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
