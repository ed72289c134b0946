"""What the print providers' notifications look like from outside."""

from __future__ import annotations

from typing import Any

from letters.providers.maileva import webhook as maileva_webhook
from letters.providers.pingen import webhook as pingen_webhook
from member_access.api.refusals import NotFound
from member_access.api.router import Operation, RawBody, Scheme, Success
from member_access.errors import Refusal


class NotAuthentic(Refusal):
    """A notification without the signature or the credentials of the provider that it names."""

    code = "not-authentic"
    status = 401


MAILEVA_STATUS = Operation(
    method="POST",
    path="/letters/status/maileva",
    name="takeMailevaNotification",
    summary="Maileva says that something happened to a letter.",
    body=RawBody,
    success=Success(int(maileva_webhook.TAKEN_STATUS), "It is taken, or does not concern us."),
    refusals=(NotAuthentic, NotFound),
    scheme=Scheme(
        "maileva",
        {"type": "http", "scheme": "basic", "description": "The credentials that Maileva's subscription was given."},
    ),
)
PINGEN_STATUS = Operation(
    method="POST",
    path="/letters/status/pingen",
    name="takePingenEvent",
    summary="Pingen says that something happened to a letter.",
    body=RawBody,
    success=Success(int(pingen_webhook.TAKEN_STATUS), "It is taken, or does not concern us."),
    refusals=(NotAuthentic, NotFound),
    scheme=Scheme(
        "pingen",
        {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": "HMAC-SHA256 of the body under the key of Pingen's subscription, in hexadecimal.",
        },
    ),
)
OPERATIONS: tuple[Operation[Any], ...] = (MAILEVA_STATUS, PINGEN_STATUS)
