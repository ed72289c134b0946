"""The functions behind the e-mail queues, as the cloud runs them: composed once, fed by their queues."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from emails import bounce_handler, send_handler
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.outbox import new_request_id, put_request
from member_access.platform.aws import transact
from member_access.values.types import Identifier, Instant
from simulators.cloud import queue_url
from tests.support.event_source import EventSource, EventSources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.recovery.codes import RequestId
    from simulators.queues import Message
    from simulators.sign_in_driver import FrontDoor

WEEK = 7 * 86_400


class Mailroom:
    """The e-mails and the bounces function behind a front door.

    Attributes:
        codes: the queue of codes and the function that reads it.
        notices: the queue of all other e-mails and the same function.
        emails: both.
        bounces: the same for what SES reports.
    """

    def __init__(self, door: FrontDoor, environment: Mapping[str, str] | None = None) -> None:
        self._door = door
        self._cloud = door.cloud
        send = self._composed("EmailsFunction", environment or {})
        self.codes = EventSource(self._cloud, "CodeEmailsQueue", send)
        self.notices = EventSource(self._cloud, "EmailsQueue", send)
        self.emails = EventSources(self._cloud, self.codes, self.notices)
        self.bounces = EventSource(self._cloud, "BouncesQueue", self._composed("BouncesFunction", environment or {}))

    def _composed(self, function: str, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - a handler
        compose = send_handler.compose if function == "EmailsFunction" else bounce_handler.compose
        runtime = replace(
            self._door.runtime, environment={**self._cloud.environment(function), **environment}, now=self._cloud.clock
        )
        return compose(runtime)

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The requests of ``SendEmail`` that SES has taken."""
        return self._cloud.sent_emails.taken

    def decide(
        self, identifier: str, kind: EmailKind = EmailKind.PIN_CHANGED, *, request_id: RequestId | None = None
    ) -> RequestId:
        """Decide on an e-mail, and announce it where it is a new one."""
        if request_id is None:
            request_id = new_request_id(self._door.runtime.random_bytes)
            self.enqueue(request_id, "CodeEmailsQueue" if kind is EmailKind.RESET_CODE else "EmailsQueue")
        now = self._cloud.clock()
        subject = self._door.subject(identifier)
        request = EmailRequest(request_id, kind, Identifier(identifier), subject, now, Instant(now + WEEK))
        transact(self._cloud.dynamodb, [put_request(self._cloud.tables["AccessTable"], request)])
        return request_id

    def enqueue(self, request_id: str, queue: str = "EmailsQueue") -> Message:
        """Put a message into a queue of e-mails."""
        return self.put(queue, json.dumps({"request_id": request_id}))

    def report(self, report: Mapping[str, Any] | str) -> Message:
        """Let SES report something."""
        return self.put("BouncesQueue", report if isinstance(report, str) else json.dumps(report))

    def put(self, queue: str, body: str) -> Message:
        """Put any message into a queue."""
        return self._cloud.queues.put(queue_url(queue), body)


def bounce(  # noqa: PLR0913 - each is a field of the report
    email: Mapping[str, Any],
    kind: str = "Permanent",
    sub_type: str = "General",
    *,
    of: str | None = None,
    status: str = "5.1.1",
    diagnostic_code: str = "smtp; 550 5.1.1: no such user",
) -> dict[str, Any]:
    """What SES reports of an e-mail that came back, in the form that its documentation shows.

    Source: docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html and …-sns-examples.html.

    Args:
        email: what the function sent.
        kind: the type of the bounce.
        sub_type: its second type.
        of: the receiver that the report names, if it is another after forwarding.
        status: of RFC 3463.
        diagnostic_code: of RFC 3464.
    """
    (address,) = email["Destination"]["ToAddresses"]
    return {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": sub_type,
            "bouncedRecipients": [
                {
                    "emailAddress": of or address,
                    "action": "failed",
                    "status": status,
                    "diagnosticCode": diagnostic_code,
                }
            ],
            "timestamp": "2027-01-15T12:00:05.000Z",
            "feedbackId": "feedback",
            "reportingMTA": "dsn; mta.example",
        },
        "mail": _mail(email, address),
    }


def complaint(email: Mapping[str, Any], kind: str | None = "abuse") -> dict[str, Any]:
    """What SES reports of an e-mail whose receiver has called it something."""
    (address,) = email["Destination"]["ToAddresses"]
    return {
        "eventType": "Complaint",
        "complaint": {
            "complainedRecipients": [{"emailAddress": address}],
            "timestamp": "2027-01-15T13:00:00.000Z",
            "feedbackId": "feedback",
            "complaintSubType": None,
            **({"complaintFeedbackType": kind} if kind else {}),
        },
        "mail": _mail(email, address),
    }


def rejection(email: Mapping[str, Any]) -> dict[str, Any]:
    """What SES reports of an e-mail in which it has found a virus, as its documentation shows."""
    (address,) = email["Destination"]["ToAddresses"]
    return {"eventType": "Reject", "mail": _mail(email, address), "reject": {"reason": "Bad content"}}


def rendering_failure(email: Mapping[str, Any]) -> dict[str, Any]:
    """What SES reports of an e-mail whose template lacks a fact, as its documentation shows."""
    (address,) = email["Destination"]["ToAddresses"]
    failure = {"errorMessage": "Attribute 'name' is not present in the rendering data.", "templateName": "template"}
    return {"eventType": "Rendering Failure", "mail": _mail(email, address), "failure": failure}


def delay(email: Mapping[str, Any]) -> dict[str, Any]:
    """What SES reports of an e-mail that it goes on trying to deliver, as its documentation shows."""
    (address,) = email["Destination"]["ToAddresses"]
    return {
        "eventType": "DeliveryDelay",
        "mail": _mail(email, address),
        "deliveryDelay": {
            "timestamp": "2027-01-15T12:05:00.000Z",
            "delayType": "TransientCommunicationFailure",
            "expirationTime": "2027-01-16T02:00:00.000Z",
            "delayedRecipients": [
                {
                    "emailAddress": address,
                    "status": "4.4.1",
                    "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
                }
            ],
        },
    }


def _mail(email: Mapping[str, Any], address: str) -> dict[str, Any]:
    return {
        "timestamp": "2027-01-15T12:00:00.000Z",
        "messageId": "message",
        "source": email["FromEmailAddress"],
        "destination": [address],
        "tags": {
            "ses:configuration-set": [email["ConfigurationSetName"]],
            **{tag["Name"]: [tag["Value"]] for tag in email["EmailTags"]},
        },
    }
