"""The operations that receive the print providers' notifications."""

from __future__ import annotations

from typing import Any

from letters.providers.maileva import webhook as maileva_webhook
from letters.providers.pingen import webhook as pingen_webhook
from member_access.api.refusals import NotFound
from member_access.api.router import Operation, RawBody, Scheme, Success
from member_access.errors import Refusal


class NotAuthentic(Refusal):
    """The notification lacks the signature or the credentials of its provider."""

    code = "not-authentic"
    status = 401
    authenticate = 'Basic realm="letters", charset="UTF-8"'


class NotSigned(NotAuthentic):
    """The notification lacks the signature of Pingen."""

    authenticate = 'Signature realm="letters"'


_ACCEPTED = "The notification was accepted, or ignored because it concerns no letter of this service."

MAILEVA_STATUS = Operation(
    method="POST",
    path="/letters/status/maileva",
    name="takeMailevaNotification",
    summary="Receive a status notification from Maileva",
    body=RawBody,
    success=Success(int(maileva_webhook.TAKEN_STATUS), _ACCEPTED),
    refusals=(NotAuthentic, NotFound),
    scheme=Scheme(
        "maileva",
        {"type": "http", "scheme": "basic", "description": "The credentials configured in the Maileva subscription."},
    ),
)
PINGEN_STATUS = Operation(
    method="POST",
    path="/letters/status/pingen",
    name="takePingenEvent",
    summary="Receive an event from Pingen",
    body=RawBody,
    success=Success(int(pingen_webhook.TAKEN_STATUS), _ACCEPTED),
    refusals=(NotSigned, NotFound),
    scheme=Scheme(
        "pingen",
        {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": "HMAC-SHA256 of the body, in hexadecimal, with the key of the Pingen subscription.",
        },
    ),
)
OPERATIONS: tuple[Operation[Any], ...] = (MAILEVA_STATUS, PINGEN_STATUS)
